import { Readable } from 'node:stream'
import type { RawAnswer } from '../http/raw-route.ts'

/** Sends a bundle as it comes, with its first line fetched: what refuses it is told before anything of it is sent. */
export async function answerWithBundle(lines: AsyncGenerator<string>, fileName: string): Promise<RawAnswer> {
  const first = await lines.next()
  async function* all(): AsyncGenerator<string> {
    if (first.done !== true) yield first.value
    yield* lines
  }
  return {
    status: 200,
    headers: {
      'content-type': 'application/x-ndjson',
      'content-disposition': `attachment; filename="${fileName}"`,
    },
    body: Readable.from(all()),
  }
}
