import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Agent, request as requestHttp } from 'node:http'
import { request as requestHttps, Agent as TlsAgent } from 'node:https'
import { DomainError, messageOf } from '@throughline/kernel'
import { httpRefused, malformed, notAnAgent, streamSilent, tooLarge, unavailable } from './failure.ts'
import { PartReader } from './multipart.ts'
import type { MtConnectOptions } from './options.ts'
import type { XmlElement } from './xml.ts'
import { readXml } from './xml.ts'

type Parameters = Readonly<Record<string, number>>

/** Asks one agent over HTTP; everything it gets is bounded in time and size. */
export class HttpClient {
  readonly #options: MtConnectOptions
  readonly #agent: Agent

  constructor(options: MtConnectOptions) {
    this.#options = options
    const keep = { keepAlive: true, maxSockets: 4 }
    const isTls = options.baseUrl.startsWith('https:')
    this.#agent = isTls ? new TlsAgent({ ...keep, ...authorityIn(options.caFile) }) : new Agent(keep)
  }

  /**
   * One question, one document.
   * @throws DomainError: `unavailable` (unreachable, too slow, 5xx), `forbidden` (401, 403) or `invalid` (no agent, malformed)
   */
  async get(path: string, parameters: Parameters, signal: AbortSignal): Promise<XmlElement> {
    const limit = AbortSignal.timeout(this.#options.timeoutMs)
    const both = AbortSignal.any([signal, limit])
    try {
      return await this.#whole(await this.#open(path, parameters, both))
    } catch (error) {
      if (limit.aborted) throw unavailable(`${this.#url(path)} does not answer within ${this.#options.timeoutMs} ms`)
      throw error
    }
  }

  /**
   * The documents of one streaming answer; an agent (or proxy) that cannot stream gives one and ends.
   * @throws DomainError as `get`; `mtconnect.stream-silent` when not even heartbeats come
   */
  async *stream(path: string, parameters: Parameters, signal: AbortSignal): AsyncIterable<XmlElement> {
    const { timeoutMs, heartbeatMs, maxBodyBytes } = this.#options
    const ending = new AbortController()
    const silentMs = timeoutMs + heartbeatMs
    const silence = setTimeout(() => ending.abort(), silentMs)
    try {
      const response = await this.#open(path, parameters, AbortSignal.any([signal, ending.signal]))
      const type = response.headers['content-type'] ?? ''
      const [, quoted, bare] = /^multipart\/[^;]+;.*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type) ?? []
      const boundary = quoted ?? bare
      if (boundary === undefined) {
        yield await this.#whole(response)
        return
      }
      const reader = new PartReader(boundary, maxBodyBytes)
      for await (const chunk of response as AsyncIterable<Buffer>) {
        for (const part of reader.push(chunk)) {
          silence.refresh()
          yield readXml(part)
        }
      }
    } catch (error) {
      if (ending.signal.aborted && !signal.aborted) throw streamSilent(silentMs)
      throw asUnavailable(error)
    } finally {
      clearTimeout(silence)
      ending.abort()
    }
  }

  close(): void {
    this.#agent.destroy()
  }

  /** With a slash before it a path counts from the agent, without one from the device that the endpoint names. */
  #url(path: string): string {
    const { baseUrl } = this.#options
    return path.startsWith('/') ? new URL(path, baseUrl).href : `${baseUrl}/${path}`
  }

  async #open(path: string, parameters: Parameters, signal: AbortSignal): Promise<IncomingMessage> {
    const query = Object.entries(parameters).map(([name, value]) => `${name}=${value}`)
    const url = `${this.#url(path)}${query.length === 0 ? '' : `?${query.join('&')}`}`
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const send = url.startsWith('https:') ? requestHttps : requestHttp
    const headers = { accept: 'text/xml, application/xml' }
    const outgoing = send(url, { agent: this.#agent, headers, signal }, (response) => {
      // Cut off while nobody reads, it must not raise an error that nobody hears.
      response.on('error', () => {})
      resolve(response)
    })
    outgoing.on('error', (error) => reject(unavailable(`${url} cannot be reached: ${messageOf(error)}`, error)))
    outgoing.end()
    return await promise
  }

  /** The document of an answer that ends, also one that refuses: agents say why in a document. */
  async #whole(response: IncomingMessage): Promise<XmlElement> {
    const { maxBodyBytes } = this.#options
    const status = response.statusCode ?? 0
    const chunks: Buffer[] = []
    let size = 0
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        size += chunk.length
        if (size > maxBodyBytes) throw tooLarge(maxBodyBytes)
        chunks.push(chunk)
      }
    } catch (error) {
      throw asUnavailable(error)
    }
    const text = Buffer.concat(chunks).toString('utf8').trim()
    const url = this.#options.baseUrl
    const root = /<(\w+:)?MTConnect\w+/.test(text.slice(0, 2000)) ? readXml(text) : undefined
    if (root !== undefined && (status === 200 || root.name === 'MTConnectError')) return root
    if (status !== 200) throw httpRefused(url, status)
    if (/<html/i.test(text.slice(0, 2000))) throw notAnAgent(url, 'a web page')
    if (!text.startsWith('<')) throw notAnAgent(url, text === '' ? 'nothing' : `"${text.slice(0, 40)}"`)
    throw malformed(`it begins with ${text.slice(0, 40)}`)
  }
}

function authorityIn(caFile: string | null): { ca?: Buffer } {
  if (caFile === null) return {}
  try {
    return { ca: readFileSync(caFile) }
  } catch (error) {
    throw new DomainError(
      'invalid',
      'mtconnect.ca-file-unreadable',
      `The MTConnect option caFile names ${caFile}, which cannot be read: ${messageOf(error)}`,
    )
  }
}

/** A socket that breaks in the middle raises errors of its own. */
function asUnavailable(error: unknown): unknown {
  return error instanceof DomainError ? error : unavailable(`the answer broke off: ${messageOf(error)}`, error)
}
