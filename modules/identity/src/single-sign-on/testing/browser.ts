/** What a browser keeps and follows, as far as signing in needs it: cookies by host, redirects one by one. */
export class Browser {
  readonly cookies = new Map<string, string>()

  /** One request; a redirect is answered and not followed. */
  async ask(url: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(url)
    const sent = [...this.cookies].flatMap(([key, value]) =>
      key.startsWith(`${host} `) ? [`${key.slice(host.length + 1)}=${value}`] : [],
    )
    const headers = new Headers(init.headers)
    if (sent.length > 0) headers.set('cookie', sent.join('; '))
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';')
      const name = pair.slice(0, pair.indexOf('='))
      const isEnd = attributes.some((each) => /^\s*max-age=0$/i.test(each)) || /expires=thu, 01 jan 1970/i.test(line)
      if (isEnd) this.cookies.delete(`${host} ${name}`)
      else this.cookies.set(`${host} ${name}`, pair.slice(pair.indexOf('=') + 1))
    }
    return answer
  }

  /** Follows redirects until an address that `isEnd` names, which is not asked any more, or an answer that is none. */
  async follow(url: string, isEnd: (url: URL) => boolean = () => false): Promise<{ url: URL; answer?: Response }> {
    let at = new URL(url)
    for (let hops = 0; hops < 15; hops++) {
      if (isEnd(at)) return { url: at }
      const answer = await this.ask(at.href)
      const location = answer.headers.get('location')
      if (location === null) return { url: at, answer }
      at = new URL(location, at)
    }
    throw new Error(`the way never ends: ${at.href}`)
  }

  cookieAt(url: string, name: string): string | undefined {
    return this.cookies.get(`${new URL(url).host} ${name}`)
  }
}
