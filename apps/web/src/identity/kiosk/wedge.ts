/** A person types a key every 80 ms at best; a reader that acts as a keyboard sends one every 1 to 30 ms. */
const betweenKeysMs = 50
const shortestCode = 4

/**
 * Tells the keystrokes of a badge reader (fast, ended by Enter) from those of a person. Answers the badge when a key ends
 * it, `undefined` otherwise.
 */
export function wedgeReader(): (key: string, atMs: number) => string | undefined {
  let text = ''
  let lastMs = Number.NEGATIVE_INFINITY
  return (key, atMs) => {
    const isFast = atMs - lastMs <= betweenKeysMs
    lastMs = atMs
    if (key === 'Enter') {
      const read = isFast && text.length >= shortestCode ? text : undefined
      text = ''
      return read
    }
    // Shift comes before a capital letter and is no letter itself.
    if (key.length !== 1) return undefined
    text = isFast ? text + key : key
    return undefined
  }
}
