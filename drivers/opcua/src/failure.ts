import type { ErrorKind } from '@throughline/kernel'
import { DomainError, messageOf } from '@throughline/kernel'

interface Verdict {
  readonly sign: RegExp
  readonly kind: ErrorKind
  readonly code: string
  readonly advice: string
}

/** node-opcua tells most refusals only by the name of the status code inside a message. */
const verdicts: readonly Verdict[] = [
  {
    sign: /BadIdentityToken|BadUserAccessDenied|BadUserSignatureInvalid|Cannot find \w+.* user token policy/,
    kind: 'forbidden',
    code: 'opcua.user-refused',
    advice: 'the server refuses this user: check the options username and passwordFile, and the rights on the server',
  },
  {
    sign: /BadCertificate|BadSecurityChecksFailed|BadApplicationSignatureInvalid/,
    kind: 'forbidden',
    code: 'opcua.client-refused',
    advice: "the server refuses this client's certificate: have the server trust it",
  },
  {
    sign: /BadSecurityModeRejected|BadSecurityPolicyRejected|cannot find endpoint|BadSecurityModeInsufficient/,
    kind: 'invalid',
    code: 'opcua.security-not-offered',
    advice: 'the server does not offer this securityMode and securityPolicy',
  },
  {
    sign: /BadTcpEndpointUrlInvalid/,
    kind: 'invalid',
    code: 'opcua.endpoint-refused',
    advice: 'the server knows no endpoint of this name: check the path',
  },
]

/** Whatever the stack threw, as the error that says what the caller can do. */
export function asDomainError(thrown: unknown, endpointUrl: string): DomainError {
  if (thrown instanceof DomainError) return thrown
  const text = firstLineOf(thrown)
  const verdict = verdicts.find(({ sign }) => sign.test(messageOf(thrown)))
  if (verdict === undefined) {
    return new DomainError(
      'unavailable',
      'opcua.unreachable',
      `${endpointUrl} did not answer as hoped: ${text}`,
      {},
      thrown,
    )
  }
  const { kind, code, advice } = verdict
  return new DomainError(kind, code, `${endpointUrl}: ${advice} (${text})`, {}, thrown)
}

/** node-opcua's messages run over many lines; the first one with words in it says what happened. */
export function firstLineOf(thrown: unknown): string {
  const lines = messageOf(thrown).split('\n')
  return (lines.find((line) => line.trim() !== '') ?? 'unknown error').trim()
}
