type Field = HTMLInputElement | HTMLTextAreaElement

export const isField = (target: unknown): target is Field =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement

/** Puts a value into a field so that the page hears of it. */
export function fill(field: Field, value: string): void {
  const kind = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype
  Object.getOwnPropertyDescriptor(kind, 'value')?.set?.call(field, value)
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

/** Slower keys are a person's. */
const betweenKeysMs = 50

/**
 * Keeps what a field held before a scanner typed into it: `key` is told of every key, `restore` puts it back once the keys
 * turn out to have been a scan.
 */
export function fieldKeeper(): { key(event: KeyboardEvent, atMs: number): void; restore(): void } {
  let lastMs = Number.NEGATIVE_INFINITY
  let before: { readonly field: Field; readonly value: string } | undefined
  return {
    key({ target }, atMs) {
      if (atMs - lastMs > betweenKeysMs) before = isField(target) ? { field: target, value: target.value } : undefined
      lastMs = atMs
    },
    restore() {
      if (before !== undefined) fill(before.field, before.value)
      // The next key is another scan's, or a person's.
      lastMs = Number.NEGATIVE_INFINITY
      before = undefined
    },
  }
}
