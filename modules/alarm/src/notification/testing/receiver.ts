import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedPost {
  readonly path: string
  readonly key: string
  readonly body: Record<string, unknown>
}

/** A program that webhooks reach. */
export interface Receiver {
  readonly url: string
  readonly posts: ReceivedPost[]
  /** The status it answers; null = it never answers. */
  status: number | null
  close(): Promise<void>
}

export async function openReceiver(): Promise<Receiver> {
  const posts: ReceivedPost[] = []
  const server = createServer((request, answer) => {
    let text = ''
    request.on('data', (part: Buffer) => {
      text += part.toString()
    })
    request.on('end', () => {
      const key = String(request.headers['idempotency-key'])
      posts.push({ path: request.url ?? '', key, body: text === '' ? {} : JSON.parse(text) })
      if (receiver.status === null) return
      answer.writeHead(receiver.status, { location: '/elsewhere' }).end('noted')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/alarms`,
    posts,
    status: 204,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}
