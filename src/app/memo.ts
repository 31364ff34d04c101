// Keeps the last answer of a pure function: a state is drawn, moved in and measured many times before what its rows are made of changes.

/**
 * `make`, which is asked again only where one of its arguments is another value (Object.is) than in both of the last two askings that differed: of the
 * snapshot that is on the screen, and of the one that is being made ready. Holds their arguments and answers.
 */
export function keepLast<A extends readonly unknown[], R>(make: (...args: A) => R): (...args: A) => R {
  let kept: readonly { readonly args: A; readonly answer: R }[] = [];
  return (...args) => {
    const known = kept.find((one) => one.args.every((arg, at) => Object.is(arg, args[at])));
    if (known) {
      if (known !== kept[0]) kept = [known, ...kept.slice(0, 1)];
      return known.answer;
    }
    const answer = make(...args);
    kept = [{ args, answer }, ...kept.slice(0, 1)];
    return answer;
  };
}
