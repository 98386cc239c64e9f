/** Ids that begin so belong to other lists (the Sparkplug specification's assertions, the OPC UA driver's own promises). */
const otherLists: readonly string[] = ['tck-id-', 'UA-']

/** An id that a title names; a challenge does something wrong, or breaks something, and holds the product to its answer. */
export interface NamedId {
  readonly id: string
  readonly challenge: boolean
}

export interface ReadTitle {
  readonly ids: readonly NamedId[]
  /** What the title says behind its ids. */
  readonly text: string
}

const bracket = /^\[([^\][]*)\]\s*/
const idLike = /^[A-Za-z0-9]+[-.][A-Za-z0-9][A-Za-z0-9./-]*!?$/

/**
 * Reads the ids in front of a title: `[P11-10d]`, `[P11-10d!, SR-2.1]`, `[P11-10d] [SR-2.1!]`. What stands in brackets
 * without any id (`[pH]`) is part of the text; beside an id it is taken for a misspelt one and given as it stands.
 */
export function readTitle(title: string): ReadTitle {
  const ids: NamedId[] = []
  let text = title
  for (let match = bracket.exec(text); match !== null; match = bracket.exec(text)) {
    const words = (match[1] ?? '').split(',').map((word) => word.trim())
    if (!words.some((word) => idLike.test(word))) break
    for (const word of words) {
      if (otherLists.some((prefix) => word.startsWith(prefix))) continue
      ids.push(word.endsWith('!') ? { id: word.slice(0, -1), challenge: true } : { id: word, challenge: false })
    }
    text = text.slice(match[0].length)
  }
  return { ids, text }
}
