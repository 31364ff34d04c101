// The languages of the program, and message tables in which a missing translation is a type error.
// Each wing keeps its own table beside the code that speaks; this file holds no message.

export const LANGS = ['en', 'zh-CN'] as const;
export type Lang = (typeof LANGS)[number];

/** One message in every language; `{name}` marks a place that `say` fills. */
export type Message = Readonly<Record<Lang, string>>;

/** Fills the `{name}` places of a message in one language. A place without a value stays visible, so that a test sees it. */
export function say(
  lang: Lang,
  message: Message,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return message[lang].replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : String(value);
  });
}

/** The language that LC_ALL, LC_MESSAGES or LANG asks for (locale(7)), English where it is another. */
export function langOf(env: Readonly<Record<string, string | undefined>>): Lang {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return /^zh\b|^zh_/i.test(locale) ? 'zh-CN' : 'en';
}
