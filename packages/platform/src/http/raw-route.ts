import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '../door/actor.ts'
import { nobody } from '../door/actor.ts'
import type { SessionEffects } from '../door/unit-of-work.ts'
import { cookieOf } from './caller.ts'

/**
 * A route beside the operations, for callers that speak another protocol than ours (a browser that is sent away and back).
 * It does nothing itself: it runs operations, so that permission, audit and transaction are those of the door.
 */
export interface RawRoute {
  readonly method: 'GET' | 'POST'
  /** With `:names` of its parts. */
  readonly path: string
  answer(request: RawRequest): Promise<RawAnswer>
}

export interface RawRequest {
  readonly params: Readonly<Record<string, string>>
  /** Everything behind the `?`, without it. */
  readonly search: string
  /** Fields of a posted form. */
  readonly form: URLSearchParams
  /** Under which address the caller reached this server: `https://plant.example`. */
  readonly baseUrl: string
  /** Who calls, for a route that comes from elsewhere and brings no session: nobody that we know. */
  readonly actor: Actor
  /**
   * Who stands behind the session or key of the request, for a route that our own pages ask (a picture).
   * @throws DomainError `forbidden` when another web site makes the browser ask
   */
  caller(): Promise<Actor>
  cookie(name: string): string | undefined
  readonly session: SessionEffects
}

export interface RawAnswer {
  readonly status: number
  /** Where the browser is sent. */
  readonly location?: string
  /** Cookies that come back with the browser from another site; no script sees them. An empty value ends one. */
  readonly cookies?: readonly { readonly name: string; readonly value: string; readonly maxAgeSeconds: number }[]
  readonly headers?: Readonly<Record<string, string>>
  /** A stream is sent as it comes. */
  readonly body?: unknown
}

/** Over HTTPS the prefix binds a cookie to this very host. */
const rawCookieName = (name: string, secure: boolean): string => (secure ? `__Host-${name}` : name)

/** Mounts the routes; only among them a form is read, so that no foreign page can post one to an operation. */
export async function mountRawRoutes(
  app: FastifyInstance,
  routes: readonly RawRoute[],
  secure: boolean,
  effectsOn: (request: FastifyRequest, reply: FastifyReply) => SessionEffects,
  callerOn: (request: FastifyRequest) => Promise<Actor>,
): Promise<void> {
  await app.register((scope, _, mounted) => {
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, text, done) => {
      done(null, new URLSearchParams(String(text)))
    })
    for (const route of routes) {
      scope.route({
        method: route.method,
        url: route.path,
        handler: async (request, reply) => {
          const answer = await route.answer(rawRequest(request, secure, effectsOn(request, reply), callerOn))
          for (const { name, value, maxAgeSeconds } of answer.cookies ?? []) {
            const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}; Max-Age=${maxAgeSeconds}`
            void reply.header('set-cookie', `${rawCookieName(name, secure)}=${value}; ${attributes}`)
          }
          void reply.status(answer.status).headers({ 'cache-control': 'no-store', ...answer.headers })
          if (answer.location !== undefined) void reply.header('location', answer.location)
          return await reply.send(answer.body ?? '')
        },
      })
    }
    mounted()
  })
}

function rawRequest(
  request: FastifyRequest,
  secure: boolean,
  session: SessionEffects,
  callerOn: (request: FastifyRequest) => Promise<Actor>,
): RawRequest {
  const { url, headers, ip, body } = request
  const question = url.indexOf('?')
  return {
    params: request.params as Record<string, string>,
    search: question === -1 ? '' : url.slice(question + 1),
    form: body instanceof URLSearchParams ? body : new URLSearchParams(),
    baseUrl: `${secure ? 'https' : 'http'}://${headers.host ?? ''}`,
    actor: nobody(ip),
    caller: () => callerOn(request),
    cookie: (name) => cookieOf(headers.cookie, rawCookieName(name, secure)),
    session,
  }
}
