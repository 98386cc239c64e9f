import { DomainError } from '@throughline/kernel'

/** How a control is taken out of the product's source while it is loaded, so that the product itself holds no switch. */
export interface Cut {
  /** From the root of the tree. */
  readonly file: string
  /** Text that stands in the file exactly once. */
  readonly takes: string
  readonly leaves: string
}

/**
 * The source with the cuts that belong to this file.
 * @throws DomainError `conflict` when the text is not there exactly once: the control has moved, and its cut must follow
 */
export function cutSource(cuts: readonly Cut[], path: string, source: string): string {
  return cuts
    .filter(({ file }) => path.endsWith(`/${file}`))
    .reduce((text, { file, takes, leaves }) => {
      const pieces = text.split(takes)
      if (pieces.length === 2) return pieces.join(leaves)
      throw new DomainError(
        'conflict',
        'validation.cut-lost',
        `"${takes}" stands ${pieces.length - 1} times in ${file}, not once: write the cut of this control anew`,
      )
    }, source)
}
