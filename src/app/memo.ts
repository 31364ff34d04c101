// Keeps the last answer of a pure function: a state is drawn, moved in and measured many times before what its rows are made of changes.

/** `make`, which is asked again only where one of its arguments is another value (Object.is). Holds the last arguments and their answer. */
export function keepLast<A extends readonly unknown[], R>(make: (...args: A) => R): (...args: A) => R {
  let last: { readonly args: A; readonly answer: R } | null = null;
  return (...args) => {
    if (last && args.every((arg, at) => Object.is(arg, last?.args[at]))) return last.answer;
    last = { args, answer: make(...args) };
    return last.answer;
  };
}
