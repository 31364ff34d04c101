// Draws Markdown as styled lines for a pane, from the tokens of marked's lexer (CommonMark and GFM).
// It makes no HTML, follows no link and runs nothing; all text is cleaned where it leaves a token.
import { type MarkedToken, lexer, type Token, type Tokens } from 'marked';
import { cleanLines } from './lines.ts';
import { clean } from './sanitize.ts';
import type { Paint } from './sgr.ts';
import { pad, width } from './width.ts';
import { isCjk, wrap } from './wrap.ts';

/** Nested parts never get narrower than this, whatever the pane. */
const LEAST = 8;
const GAP = '  ';
/** Inside an inline text, where no control character of the source is left: a soft and a hard break. */
const SOFT = '\n';
const HARD = '\v';

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', '\u00a0'],
]);

/**
 * The document in lines of at most `columns` (a wide character or the 8 columns of a deep nesting aside), blocks apart by one
 * empty line, none at the ends. Comments vanish; other raw HTML is shown as it is written. A link is its text, then its
 * address in dim. A source line's end between two CJK characters is no space.
 */
export function markdownLines(markdown: string, columns: number, paint: Paint): string[] {
  return blocks(lexer(markdown), Math.max(1, columns), paint, 1);
}

/** Blocks with `blank` empty lines between them. */
function blocks(tokens: readonly Token[], columns: number, paint: Paint, blank: 0 | 1): string[] {
  const lines: string[] = [];
  for (const token of tokens) {
    const drawn = block(token, columns, paint);
    if (drawn.length === 0) continue;
    if (lines.length > 0 && blank === 1) lines.push('');
    lines.push(...drawn);
  }
  return lines;
}

function block(anyToken: Token, columns: number, paint: Paint): string[] {
  // No extension is registered, so marked's own tokens are all there are.
  const token = anyToken as MarkedToken;
  switch (token.type) {
    case 'heading': {
      const lines = paragraph(token.tokens, columns, paint).map((line) => paint('title', line));
      const rule = lines.reduce((most, line) => Math.max(most, width(line)), 0);
      return token.depth === 1 ? [...lines, paint('dim', '─'.repeat(rule))] : lines;
    }
    case 'paragraph':
      return paragraph(token.tokens, columns, paint);
    case 'text':
      return paragraph(token.tokens ?? [token], columns, paint);
    case 'list':
      return list(token, columns, paint);
    case 'code':
      return cleanLines(token.text).flatMap((line) =>
        indented(wrap(line, inner(columns, 2)), '  ').map((each) => paint('code', each)),
      );
    case 'blockquote':
      return blocks(token.tokens, inner(columns, 2), paint, 1).map((line) =>
        `${paint('dim', '│')} ${line}`.trimEnd(),
      );
    case 'hr':
      return [paint('dim', '─'.repeat(columns))];
    case 'table':
      return table(token, columns, paint);
    case 'html':
      return cleanLines(withoutComments(token.text).trim()).flatMap((line) => wrap(line, columns));
    case 'space':
    case 'def':
      return [];
    default:
      return paragraph([token], columns, paint);
  }
}

function paragraph(tokens: readonly Token[], columns: number, paint: Paint): string[] {
  const text = joinSoftBreaks(inline(tokens, paint)).replaceAll(HARD, '\n');
  return text.trim() === '' ? [] : wrap(text, columns);
}

function list(token: Tokens.List, columns: number, paint: Paint): string[] {
  const first = token.start === '' ? 1 : token.start;
  const last = first + token.items.length - 1;
  const lines: string[] = [];
  for (const [i, item] of token.items.entries()) {
    const marker = token.ordered ? pad(`${first + i}.`, `${last}.`.length) : '•';
    const indent = width(marker) + 1;
    const drawn = blocks(
      item.tokens.filter((each) => each.type !== 'checkbox'),
      inner(columns, indent),
      paint,
      item.loose ? 1 : 0,
    );
    const box = item.task ? `${item.checked === true ? '[x]' : '[ ]'} ` : '';
    if (i > 0 && token.loose) lines.push('');
    lines.push(
      `${marker} ${box}${drawn[0] ?? ''}`.trimEnd(),
      ...indented(drawn.slice(1), ' '.repeat(indent)),
    );
  }
  return lines;
}

function table(token: Tokens.Table, columns: number, paint: Paint): string[] {
  const rows = [token.header, ...token.rows].map((row) =>
    row.map((cell) => joinSoftBreaks(inline(cell.tokens, paint))),
  );
  const widths = token.header.map((_, i) =>
    rows.reduce((most, row) => Math.max(most, width(row[i] ?? '')), 1),
  );
  const room = Math.max(columns - GAP.length * (widths.length - 1), LEAST * widths.length);
  for (let over = widths.reduce((sum, each) => sum + each, 0) - room; over > 0; over--) {
    const widest = Math.max(...widths);
    widths[widths.indexOf(widest)] = widest - 1;
  }
  const lines = rows.flatMap((row, i) => {
    const cells = widths.map((each, column) => wrap(row[column] ?? '', each));
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, y) => {
      const drawn = cells.map((cell, column) => {
        const right = token.align[column] === 'right';
        // Nothing stands to the right of the last column: no spaces to fill it.
        const fill = right || column < cells.length - 1;
        const text = fill
          ? pad(cell[y] ?? '', widths[column] ?? 0, right ? 'right' : 'left')
          : (cell[y] ?? '');
        return i === 0 ? paint('strong', text) : text;
      });
      return drawn.join(GAP);
    });
  });
  const headHeight = Math.max(...widths.map((each, column) => wrap(rows[0]?.[column] ?? '', each).length));
  lines.splice(headHeight, 0, paint('dim', widths.map((each) => '─'.repeat(each)).join(GAP)));
  return lines;
}

function inline(tokens: readonly Token[], paint: Paint): string {
  return tokens.map((anyToken) => inlineOne(anyToken as MarkedToken, paint)).join('');
}

function inlineOne(token: MarkedToken, paint: Paint): string {
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? plain(unescapeEntities(token.text)) : inline(token.tokens, paint);
    case 'escape':
      return plain(token.text);
    case 'codespan':
      return paint('code', plain(token.text));
    case 'strong':
    case 'em':
      return paint('strong', inline(token.tokens, paint));
    case 'del':
      return `~~${inline(token.tokens, paint)}~~`;
    case 'br':
      return HARD;
    case 'link': {
      const text = inline(token.tokens, paint);
      const address = plain(token.autolink === true ? token.href : unescapeEntities(token.href));
      const same = token.href === token.text || token.href === `mailto:${token.text}`;
      return same ? paint('link', text) : `${paint('link', text)} ${paint('dim', `(${address})`)}`;
    }
    case 'image':
      return `${plain(token.text)} ${paint('dim', `(${plain(token.href)})`)}`;
    case 'html':
      return plain(withoutComments(token.text));
    case 'checkbox':
      return '';
    default:
      return plain(token.raw);
  }
}

/** Text of a token, cleaned; only its newlines stay, as soft breaks. */
function plain(text: string): string {
  return text
    .replaceAll('\t', ' ')
    .split('\n')
    .map((line) => clean(line))
    .join(SOFT);
}

/** A soft break is a space, but nothing between two CJK characters, which know no spaces; styles may stand around it. */
function joinSoftBreaks(text: string): string {
  return text.replace(
    /(.?)((?:\x1b\[[\d;]*m)*) *\n *((?:\x1b\[[\d;]*m)*)(?=(.?))/gu,
    (_whole, before: string, closing: string, opening: string, after: string) =>
      `${before}${closing}${isCjk(before) && isCjk(after) ? '' : ' '}${opening}`,
  );
}

function withoutComments(html: string): string {
  return html.replace(/<!--[\s\S]*?-->/g, '');
}

/** marked resolves numeric references itself and leaves these, which HTML would need. */
function unescapeEntities(text: string): string {
  return text.replace(/&([a-z]+);/g, (whole, name: string) => ENTITIES.get(name) ?? whole);
}

function inner(columns: number, indent: number): number {
  return Math.max(LEAST, columns - indent);
}

function indented(lines: readonly string[], indent: string): string[] {
  return lines.map((line) => (line === '' ? '' : indent + line));
}
