import type { Operation } from '@throughline/model'
import { Problem } from '@throughline/model'
import { z } from 'zod'

/** The OpenAPI 3.1 document of all operations, as plain JSON. */
export function openApiDocument(operations: readonly Operation[], version: string): Record<string, unknown> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Throughline',
      version,
      description:
        'Every operation is `POST /api/<name>` with a JSON body. Sign in with `identity.session.open` (cookie) or send an API key as bearer token. An operation that changes something needs the header `Idempotency-Key`. Instants are UTC microseconds since 1970.',
    },
    paths: Object.fromEntries(operations.map((operation) => [`/api/${operation.name}`, { post: describe(operation) }])),
    components: {
      schemas: { Problem: jsonSchema(Problem) },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'throughline' },
        apiKey: { type: 'http', scheme: 'bearer' },
      },
    },
  }
}

/** A schema as JSON Schema 2020-12, in the form that travels. */
export function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  // Transforms only brand a type (Id, Instant): what travels is the input side of both requests and answers.
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return rest
}

function describe(operation: Operation): Record<string, unknown> {
  const problem = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  })
  return {
    operationId: operation.name,
    tags: [operation.name.split('.').slice(0, 2).join('.')],
    summary: operation.summary,
    'x-permission': operation.permission,
    'x-mutates': operation.mutates,
    ...(operation.signature === undefined ? {} : { 'x-signature': operation.signature }),
    security: operation.permission === 'anyone' ? [] : [{ session: [] }, { apiKey: [] }],
    parameters: operation.mutates
      ? [
          {
            name: 'Idempotency-Key',
            in: 'header',
            required: true,
            schema: { type: 'string', minLength: 8, maxLength: 200 },
          },
        ]
      : [],
    requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(operation.input) } } },
    responses: {
      200: { description: 'Done', content: { 'application/json': { schema: jsonSchema(operation.output) } } },
      400: problem('A field is wrong; `fields` names each one'),
      401: problem('No session and no key'),
      403: problem('The permission or the scope is missing'),
      404: problem('What it names does not exist'),
      409: problem('The present state does not allow it'),
    },
  }
}
