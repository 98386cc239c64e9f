export interface Account {
  readonly username: string
  readonly password: string
}

/**
 * A broker's URL and the account in it, apart. The MQTT library would divide the two at the last colon of a password,
 * and what is told to others must show none.
 */
export function withoutAccount(url: string): { address: string; account: Account | null } {
  const bare = new URL(url)
  const account =
    bare.username === '' && bare.password === ''
      ? null
      : { username: decodeURIComponent(bare.username), password: decodeURIComponent(bare.password) }
  bare.username = ''
  bare.password = ''
  return { address: bare.href, account }
}
