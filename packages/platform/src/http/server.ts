import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyHelmet from '@fastify/helmet'
import fastifyStatic from '@fastify/static'
import { DomainError } from '@throughline/kernel'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import Fastify from 'fastify'
import { z } from 'zod'
import type { SessionEffects, TerminalEffects } from '../door/unit-of-work.ts'
import type { Platform } from '../platform.ts'
import { callerOf, cookieName, cookieOf, terminalCookieName } from './caller.ts'
import { openApiDocument } from './openapi.ts'
import { problemOf } from './problem.ts'
import { mountRawRoutes } from './raw-route.ts'
import { referencePage, referenceStyle } from './reference-page.ts'

export interface HttpConfig {
  readonly version: string
  /** Certificate and key in PEM; absent = plain HTTP, which the caller allows on loopback only. */
  readonly tls: { readonly cert: string; readonly key: string } | null
  /** The folder with the built pages; null = no pages. */
  readonly webDir: string | null
}

const IdempotencyKey = z.string().min(8).max(200)

/** Bodies of the operations that anybody may call stay small; a whole plant model may be large. */
const smallBody = 64 * 1024
const largeBody = 24 * 1024 * 1024

/**
 * The HTTP face: one route per mounted operation, the API's description, the pages. Not yet listening.
 * Raw routes beside the operations: `GET /health`, `/api`, `/api/openapi.json`, `/api/reference.css` and the static pages,
 * and what modules add with `platform.route`.
 */
export async function createHttpServer(platform: Platform, config: HttpConfig): Promise<FastifyInstance> {
  const secure = config.tls !== null
  const app = Fastify({
    ...(config.tls === null ? {} : { https: { ...config.tls, minVersion: 'TLSv1.2' } }),
    loggerInstance: platform.log.child(
      { part: 'http' },
      // Requests are not logged, trouble is; and a log that is to hold less holds less of this too.
      { level: platform.log.isLevelEnabled('warn') ? 'warn' : platform.log.level },
    ),
    bodyLimit: smallBody,
    requestTimeout: 120_000,
    // The request id is the reference on every error page: it must not be guessable into another's log line.
    genReqId: () => crypto.randomUUID(),
    // Answers that hold a bigint would throw deep inside; the model's schemas never do.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  }) as unknown as FastifyInstance

  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // Mantine writes its computed styles into style elements.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'", secure ? 'wss:' : 'ws:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: secure,
  })
  app.setErrorHandler(async (error, request, reply) => {
    const problem = problemOf(asDomainError(error), request.id)
    if (problem.status >= 500) request.log.error({ error, instance: request.id }, 'a request failed')
    await sendProblem(reply, problem)
  })

  mountOperations(app, platform, secure)
  await mountRawRoutes(
    app,
    platform.routes(),
    secure,
    (request, reply) => sessionEffects(reply, secure, request.headers['user-agent']),
    (request) => callerOf(platform, request.headers, request.ip, secure),
  )
  mountDescription(app, platform, config.version)
  app.get('/health', async () => ({ status: 'up' }))
  await mountPages(app, config.webDir)
  return app
}

function mountOperations(app: FastifyInstance, platform: Platform, secure: boolean): void {
  for (const { operation } of platform.operations()) {
    const bodyLimit = operation.permission === 'anyone' ? smallBody : largeBody
    app.post(`/api/${operation.name}`, { bodyLimit, onRequest: refuseStrangers }, async (request, reply) => {
      const actor = request.throughlineActor ?? (await callerOf(platform, request.headers, request.ip, secure))
      const options = operation.mutates ? { keyRequired: true, ...idempotencyKeyOf(request) } : {}
      const session = sessionEffects(reply, secure, request.headers['user-agent'])
      const terminal = terminalEffects(request, reply, secure)
      const answer = await platform.runByName(operation.name, actor, request.body ?? {}, {
        ...options,
        session,
        terminal,
      })
      return reply.header('cache-control', 'no-store').send(answer)
    })

    /** Whoever has no session is refused before the body is read, so that nobody can make the server read 24 MB. */
    async function refuseStrangers(request: FastifyRequest): Promise<void> {
      const actor = await callerOf(platform, request.headers, request.ip, secure)
      request.throughlineActor = actor
      if (actor.kind === 'nobody' && operation.permission !== 'anyone') {
        await platform.runByName(operation.name, actor, {})
      }
    }
  }
  app.all('/api/*', async (request) => {
    throw new DomainError(
      'not-found',
      'platform.operation-unknown',
      `There is no operation at ${request.method} ${request.url}`,
    )
  })
}

declare module 'fastify' {
  interface FastifyRequest {
    throughlineActor?: Awaited<ReturnType<typeof callerOf>>
  }
}

function mountDescription(app: FastifyInstance, platform: Platform, version: string): void {
  const operations = platform.operations().map(({ operation }) => operation)
  const document = JSON.stringify(openApiDocument(operations, version))
  const page = referencePage(operations, version)
  app.get('/api/openapi.json', async (_, reply) => reply.type('application/json').send(document))
  app.get('/api', async (_, reply) => reply.type('text/html').send(page))
  app.get('/api/reference.css', async (_, reply) => reply.type('text/css').send(referenceStyle))
}

async function mountPages(app: FastifyInstance, webDir: string | null): Promise<void> {
  if (webDir === null || !existsSync(join(webDir, 'index.html'))) return
  await app.register(fastifyStatic, {
    root: webDir,
    // Vite puts a content hash into the name of every asset; only index.html ever changes under its name.
    setHeaders: (reply, path) => {
      void reply.header('cache-control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
    cacheControl: false,
  })
  app.setNotFoundHandler(async (request, reply) => {
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html')
    if (wantsPage) return reply.header('cache-control', 'no-cache').sendFile('index.html')
    throw new DomainError('not-found', 'platform.page-unknown', `There is nothing at ${request.url}`)
  })
}

function sessionEffects(reply: FastifyReply, secure: boolean, device: string | undefined): SessionEffects {
  const attributes = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
  const name = cookieName(secure)
  return {
    ...(device === undefined ? {} : { device }),
    start: (token, maxAgeSeconds) => {
      void reply.header('set-cookie', `${name}=${token}; ${attributes}; Max-Age=${maxAgeSeconds}`)
    },
    end: () => {
      void reply.header('set-cookie', `${name}=; ${attributes}; Max-Age=0`)
    },
  }
}

function terminalEffects(request: FastifyRequest, reply: FastifyReply, secure: boolean): TerminalEffects {
  const name = terminalCookieName(secure)
  return {
    token: cookieOf(request.headers.cookie, name) ?? null,
    bind: (token, maxAgeSeconds) => {
      const attributes = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}; Max-Age=${maxAgeSeconds}`
      void reply.header('set-cookie', `${name}=${token}; ${attributes}`)
    },
  }
}

function idempotencyKeyOf(request: FastifyRequest): { idempotencyKey?: string } {
  const parsed = IdempotencyKey.safeParse(request.headers['idempotency-key'])
  return parsed.success ? { idempotencyKey: parsed.data } : {}
}

/** Fastify's own refusals (bad JSON, body too large) in the product's words. */
function asDomainError(error: unknown): unknown {
  if (error instanceof DomainError || !(error instanceof Error) || !('statusCode' in error)) return error
  if (error.statusCode === 413)
    return new DomainError('invalid', 'platform.body-too-large', 'The request body is too large', {}, error)
  if (error.statusCode === 415) {
    return new DomainError('invalid', 'platform.body-not-json', 'Send the body as application/json', {}, error)
  }
  if (error.statusCode === 400) {
    const details = { fields: [{ path: '(body)', message: 'is not JSON' }] }
    return new DomainError('invalid', 'platform.body-not-json', 'The request body is not JSON', details, error)
  }
  // What a path means that tries to leave the folder of the pages is the asker's fault, and no defect.
  if (error.statusCode === 403 || error.statusCode === 404) {
    return new DomainError('not-found', 'platform.page-unknown', 'There is nothing at this address', {}, error)
  }
  return error
}

async function sendProblem(reply: FastifyReply, problem: ReturnType<typeof problemOf>): Promise<void> {
  await reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}
