import { DomainError } from '@throughline/kernel'

/** An OPC UA node id as text says it; the namespace is an index, or a URI that only a server's namespace array resolves. */
export interface Address {
  readonly namespace: number | string
  readonly identifier:
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'text' | 'guid' | 'bytes'; readonly value: string }
}

const shape = /^(?:ns=(?<index>[^;]*);|nsu=(?<uri>[^;]*);)?(?<kind>[a-zA-Z]+)=(?<value>.*)$/s
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/**
 * Reads `ns=2;s=BR-01.Temperature`, `i=2258`, `nsu=urn:vendor:machine;g=…` or `ns=1;b=…`.
 *
 * @throws DomainError `invalid` that quotes the text and says which part is wrong
 * @see OPC 10000-6, 5.3.1.10 and 5.3.1.11
 */
export function parseAddress(text: string): Address {
  const parts = shape.exec(text)?.groups
  if (parts === undefined) throw refusal(text, 'write ns=<n>;s=<name>, ns=<n>;i=<number> or nsu=<uri>;s=<name>')
  return {
    namespace: namespaceOf(text, parts['index'], parts['uri']),
    identifier: identifierOf(text, parts['kind'] ?? '', parts['value'] ?? ''),
  }
}

function namespaceOf(text: string, index: string | undefined, uri: string | undefined): number | string {
  if (uri !== undefined) {
    if (uri === '') throw refusal(text, 'the namespace URI after nsu= is empty')
    // The two characters that the text form itself needs are escaped in a URI, and only those.
    return uri.replaceAll(/%3b/gi, ';').replaceAll('%25', '%')
  }
  if (index === undefined) return 0
  if (!/^\d{1,5}$/.test(index) || Number(index) > 65_535) {
    throw refusal(text, `"${index}" is not a namespace index from 0 to 65535`)
  }
  return Number(index)
}

function identifierOf(text: string, kind: string, value: string): Address['identifier'] {
  switch (kind) {
    case 's':
      if (value === '') throw refusal(text, 'the name after s= is empty')
      return { kind: 'text', value }
    case 'i':
      if (!/^\d{1,10}$/.test(value) || Number(value) > 0xffff_ffff) {
        throw refusal(text, `"${value}" is not a number from 0 to 4294967295`)
      }
      return { kind: 'number', value: Number(value) }
    case 'g':
      if (!guid.test(value)) throw refusal(text, `"${value}" is not a GUID`)
      return { kind: 'guid', value }
    case 'b':
      if (value === '' || !base64.test(value)) throw refusal(text, `"${value}" is not base64`)
      return { kind: 'bytes', value }
    default:
      throw refusal(text, `"${kind}=" is none of s=, i=, g= and b=`)
  }
}

function refusal(text: string, reason: string): DomainError {
  return new DomainError('invalid', 'opcua.address-invalid', `"${text}" is not an OPC UA node id: ${reason}`, {
    address: text,
  })
}
