import type { OpcUaServerOptions, OpcUaTestServer, ServerValue } from './server.ts'
import { startOpcUaServer } from './server.ts'

/** What a test asks of the server in its process of its own; `id` comes back with the answer. */
export type ServerRequest =
  | { readonly id: number; readonly ask: 'start'; readonly options: OpcUaServerOptions }
  | { readonly id: number; readonly ask: 'set'; readonly path: string; readonly value: ServerValue }
  | { readonly id: number; readonly ask: 'get'; readonly path: string }
  | { readonly id: number; readonly ask: 'session-count' }

export interface ServerAnswer {
  readonly id: number
  readonly value?: unknown
  readonly error?: string
}

let server: OpcUaTestServer | null = null

async function answer(request: ServerRequest): Promise<unknown> {
  if (request.ask === 'start') {
    server = await startOpcUaServer(request.options)
    return server.port
  }
  if (server === null) throw new Error('the test server is not started')
  if (request.ask === 'set') return server.set(request.path, request.value)
  return request.ask === 'get' ? server.get(request.path) : server.sessionCount()
}

process.on('message', (request: ServerRequest) => {
  const { id } = request
  answer(request).then(
    (value) => process.send?.({ id, value }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  )
})
// The test that forked this is gone: nobody would ever stop it.
process.on('disconnect', () => process.exit(0))
