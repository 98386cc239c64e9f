/**
 * A sign-in name out of what somebody is called elsewhere: letters of the alphabet, digits, `.`, `-`, `_`. Undefined when
 * nothing of it is left.
 */
export function signInNameFrom(text: string): string | undefined {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/@.*$/gu, '')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 50)
  return plain.length >= 2 ? plain : undefined
}

/** What a person may be called when others have the name already: `vega`, `vega-2`, `vega-3` … */
export function* candidatesFor(name: string): Generator<string> {
  yield name
  for (let number = 2; number < 100; number++) yield `${name}-${number}`
}
