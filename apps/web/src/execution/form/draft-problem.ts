/** What has to be put right; `part` = its place from 0 in the list of steps, operations or lines, null = the definition itself. */
export interface DraftProblem {
  readonly part: number | null
  readonly message: string
}

/** How a schema's list and fields are called on screen; an empty word leaves the field out. */
export interface FieldWords {
  /** The field that holds the parts: `steps`. */
  readonly parts: string
  readonly words: Readonly<Record<string, string>>
}

/** What the schema says, as people would. */
const inWords = (message: string): string =>
  /^Invalid input: expected (number|int)/.test(message)
    ? 'give a number'
    : /^Too small: expected string/.test(message)
      ? 'it is missing'
      : message

/** Names a field at its part, of which there are `count`. */
function problemAt(
  path: readonly PropertyKey[],
  message: string,
  count: number,
  { parts, words }: FieldWords,
): DraftProblem {
  const [first, place, ...rest] = path
  const index = first === parts && place !== undefined ? Number(place) : Number.NaN
  const isPart = Number.isInteger(index) && index < count
  const named = (isPart ? rest : path).flatMap((part) => {
    const word = /^\d+$/.test(String(part)) ? `no. ${Number(part) + 1}` : (words[String(part)] ?? String(part))
    return word === '' ? [] : [word]
  })
  const said = inWords(message)
  return { part: isPart ? index : null, message: named.length === 0 ? said : `${named.join(' › ')}: ${said}` }
}

/** What a schema finds wrong, the first thing of each field. */
export function schemaProblems(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
  count: number,
  words: FieldWords,
): DraftProblem[] {
  const fields = issues.map(({ path }) => path.join('/'))
  return issues.flatMap(({ path, message }, index) =>
    fields.indexOf(path.join('/')) === index ? [problemAt(path, message, count, words)] : [],
  )
}

/** The problems that a refusal of the server names, at their parts. */
export function refusedProblems(
  fields: readonly { readonly path: string; readonly message: string }[],
  count: number,
  words: FieldWords,
): DraftProblem[] {
  return fields.map(({ path, message }) => problemAt(path.split('.'), message.replace(/^step \S+: /, ''), count, words))
}

/** The list with one member at another place; out of it, nothing moves. */
export function movedTo<Member>(list: readonly Member[], from: number, to: number): readonly Member[] {
  const member = list[from]
  if (member === undefined || to < 0 || to >= list.length) return list
  return list.toSpliced(from, 1).toSpliced(to, 0, member)
}
