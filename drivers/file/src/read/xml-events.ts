import { setImmediate as nextTurn } from 'node:timers/promises'
import { messageOf } from '@throughline/kernel'
import { Parser } from 'saxen'
import { unreadable } from '../failure.ts'

/** What a reader hears of an XML document, by local names: prefixes of namespaces are left out. */
export interface XmlHearer {
  open(name: string, attributes: () => Readonly<Record<string, string>>): void
  text(text: string): void
  close(name: string): void
}

const maxDepth = 100
const sliceLength = 256 * 1024

/**
 * Reads a document from its beginning to its end without building it up in memory, and lets others work in between.
 * @throws DomainError `invalid`: not well formed, cut off, too deep, or with a document type of its own
 */
export async function readXml(text: string, hearer: XmlHearer): Promise<void> {
  let failure: unknown
  const path: string[] = []
  const guarded =
    <T extends unknown[]>(work: (...given: T) => void) =>
    (...given: T): void => {
      if (failure !== undefined) return
      try {
        work(...given)
      } catch (error) {
        failure = error
      }
    }
  const fail = (why: string): void => {
    failure ??= unreadable(`It is not well-formed XML: ${why}`)
  }
  const parser = new Parser()
    .on(
      'openTag',
      guarded((name, attributes) => {
        path.push(name)
        if (path.length > maxDepth) fail(`more than ${maxDepth} levels`)
        hearer.open(localOf(name), attributes)
      }),
    )
    .on(
      'closeTag',
      guarded((name) => {
        path.pop()
        hearer.close(localOf(name))
      }),
    )
    .on(
      'text',
      guarded((piece, decode) => hearer.text(decode(piece))),
    )
    .on(
      'cdata',
      guarded((piece) => hearer.text(piece)),
    )
    .on(
      'attention',
      guarded((piece) => {
        if (/^<!(DOCTYPE|ENTITY)/i.test(piece)) fail('it brings a document type of its own (DOCTYPE)')
      }),
    )
    .on('warn', (error) => fail(messageOf(error)))
    .on('error', (error) => fail(messageOf(error)))
  for (let start = 0; start < text.length; start += sliceLength) {
    parser.write(text.slice(start, start + sliceLength))
    if (failure !== undefined) throw failure
    if (start > 0) await nextTurn()
  }
  parser.end()
  if (failure !== undefined) throw failure
  if (path.length > 0) throw unreadable(`It is cut off inside ${path.at(-1)}`)
}

const localOf = (name: string): string => name.slice(name.indexOf(':') + 1)
