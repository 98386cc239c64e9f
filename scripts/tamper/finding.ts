/** What somebody said who looked: a finding of the product or of the offline check, or the words of a refusal. */
export interface Said {
  readonly kind: string
  readonly place: number | null
  readonly words: string
}

/** What has to be said for a tampering to count as found: one of the kinds, and the name of the thing. */
export interface Sought {
  readonly kinds: readonly string[]
  /** The leaves that may be named; where only a range can be told, it must hold one of them. */
  readonly places?: readonly number[]
  /** Words that name what is not a leaf: a record, a table, a checkpoint, a key. */
  readonly words?: readonly string[]
}

const range = /(?:[Bb]etween place (\d+) and place (\d+)|above the places (\d+) to (\d+))/

/** Whether it is found and named. */
export function names({ kind, place, words }: Said, sought: Sought): boolean {
  if (!sought.kinds.includes(kind)) return false
  if (sought.words?.every((word) => words.includes(word)) === false) return false
  return sought.places === undefined || sought.places.some((each) => each === place || isWithin(each, words))
}

function isWithin(place: number, words: string): boolean {
  const [, from, to, above, below] = range.exec(words) ?? []
  const [first, last] = [from ?? above, to ?? below]
  return first !== undefined && Number(first) <= place && place <= Number(last)
}

/** `altered at 34: Entry … is not what was sealed` */
export const inWords = ({ kind, place, words }: Said): string =>
  `${kind}${place === null ? '' : ` at ${place}`}: ${words}`
