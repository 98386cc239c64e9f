/** ADS_UF_ACCOUNTDISABLE of the attribute `userAccountControl`. */
const disabledBit = 2

/** Whether Active Directory says that the account is disabled; other directories have no such attribute. */
export const isAccountDisabled = (userAccountControl: string | undefined): boolean =>
  userAccountControl !== undefined && (Number(userAccountControl) & disabledBit) !== 0

/** One text for one group however its name is written: attribute names and values of names ignore case (RFC 4514). */
export const normalDn = (dn: string): string =>
  dn
    .replaceAll(/(?<!\\)\s*([,+=])\s*/g, '$1')
    .trim()
    .toLowerCase()

/** Groups in groups: as deep as this, and as many in all, against circles and mistakes. */
const deepest = 10
const mostGroups = 500

/**
 * All groups that somebody is in, also by way of other groups, breadth first. `above` answers the groups that a group is
 * itself a member of.
 */
export async function allGroups(
  direct: readonly string[],
  above: (groups: readonly string[]) => Promise<readonly string[]>,
): Promise<Set<string>> {
  const found = new Map(direct.map((dn) => [normalDn(dn), dn]))
  let ring = [...found.values()]
  for (let depth = 0; depth < deepest && ring.length > 0 && found.size < mostGroups; depth++) {
    const next = (await above(ring)).filter((dn) => !found.has(normalDn(dn)))
    for (const dn of next) found.set(normalDn(dn), dn)
    ring = [...new Map(next.map((dn) => [normalDn(dn), dn])).values()]
  }
  return new Set(found.keys())
}
