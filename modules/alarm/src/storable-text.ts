const longest = 500

/**
 * What a machine says, so that it can be recorded: PostgreSQL takes neither NUL nor half a surrogate pair, and an alarm
 * must not get lost over a letter.
 */
export function storableText(said: string): string {
  const text = said.toWellFormed().replaceAll('\u0000', '\uFFFD')
  return text.length <= longest ? text : `${text.slice(0, longest - 1).toWellFormed()}…`
}
