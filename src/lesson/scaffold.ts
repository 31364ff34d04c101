// The three files of a new lesson: small, whole, and right as they are, with texts that say what to write there. Writes no file.

/** Name to text. `slug` is the lesson's id. */
export function scaffold(slug: string): Readonly<Record<string, string>> {
  return { 'lesson.yaml': YAML.replace('SLUG', slug), 'en.md': ENGLISH, 'zh-CN.md': CHINESE };
}

const YAML = `# What a machine needs to run the lesson; what people read is in en.md and zh-CN.md.
format: 1
id: SLUG
part: namespaces
minutes: 10
# Needs, as \`nscope preflight\` names them.
requires: [namespaces]
prerequisites: []
steps:
  - id: look
    kind: run
    focus: links
    pointAt: [uts]
    operations:
      - op: actor
        name: box
        namespaces: [uts]
        command: [sleep, infinity]
      - op: look
        command: [readlink, /proc/self/ns/uts, '/proc/{pid:box}/ns/uts']
    checks:
      - check: namespace
        id: own
        of: box
        type: uts
        than: host
        is: differs

  - id: predict
    kind: predict
    focus: links
    pointAt: [uts]
    operations:
      - op: run
        in: box
        command: [hostname, shoebox]
      - op: look
        command: [hostname]
    # Each choice says by which checks it holds: the kernel decides, and exactly one may hold.
    choices:
      - id: both
        when:
          - { check: hostname, id: host, of: host, is: shoebox }
      - id: box
        when:
          - { check: hostname, id: box, of: box, is: shoebox }
          - { check: hostname, id: host, of: host, unchanged: true }

  - id: your-turn
    kind: task
    focus: links
    pointAt: [uts]
    # Each must fail before the solution; what must stay as it is has \`guard: true\`.
    checks:
      - { check: hostname, id: workshop, of: box, is: workshop }
      - { check: hostname, id: host, of: host, unchanged: true, guard: true }
    solution:
      - op: run
        in: box
        command: [hostname, workshop]

  - id: quiz
    kind: quiz
    focus: links
    choices:
      - id: wrong
      - id: right
        right: true
`;

const ENGLISH = `# The title of the lesson

One or two sentences: what the learner will know after it.

<!-- step: look -->
## What is looked at first

Say what runs and what to look at. The commands are in lesson.yaml; the program shows them here.

<!-- explain: look -->
Say what was seen, and which man page or kernel document says so.

<!-- check: look.own -->
- the box has a UTS namespace of its own

<!-- step: predict -->
## What will happen?

Say what will run. End with the question.

**What do the box and the host answer?**

<!-- choice: predict.both -->
- a wrong answer that somebody would really give

<!-- choice: predict.box -->
- what the kernel shows

<!-- explain: predict -->
Say why the kernel answers so, and why the other answers are tempting.

<!-- step: your-turn -->
## Your turn

Say what the box shall be like afterwards, not how to do it.

<!-- hint: your-turn -->
1. A first hint that leaves the most to do.

<!-- hint: your-turn -->
2. A last hint that leaves nothing to find out.

<!-- step: quiz -->
## One question

Ask for something that follows from the lesson and was not said in it.

<!-- choice: quiz.wrong -->
- a wrong answer

<!-- choice: quiz.right -->
- the right answer

<!-- explain: quiz -->
Say why.
`;

const CHINESE = `# 课程标题

用一两句话说明学完本课能懂得什么。

<!-- step: look -->
## 先看什么

说明会执行什么、该看哪里。命令写在 lesson.yaml 里，由程序显示在此处。

<!-- explain: look -->
说明看到了什么，以及出自哪个 man page 或内核文档。

<!-- check: look.own -->
- box 拥有自己的 UTS 命名空间

<!-- step: predict -->
## 会发生什么？

说明将要执行的操作，最后提出问题。

**box 和宿主机各会回答什么？**

<!-- choice: predict.both -->
- 一个确实有人会选的错误答案

<!-- choice: predict.box -->
- 内核实际显示的结果

<!-- explain: predict -->
说明内核为何如此回答，以及其他答案为何容易误导人。

<!-- step: your-turn -->
## 轮到你了

说明 box 最后应当是什么样子，不要说明做法。

<!-- hint: your-turn -->
1. 第一条提示，尽量多留给学习者自己去做。

<!-- hint: your-turn -->
2. 最后一条提示，把做法全部说明。

<!-- step: quiz -->
## 一个问题

问一个由本课可以推出、但课文中没有直接说过的问题。

<!-- choice: quiz.wrong -->
- 错误答案

<!-- choice: quiz.right -->
- 正确答案

<!-- explain: quiz -->
说明原因。
`;
