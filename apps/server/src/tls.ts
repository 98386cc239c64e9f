// x509 resolves its parts through a container that needs this first.
import 'reflect-metadata'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { DomainError, messageOf } from '@throughline/kernel'

export interface Certificate {
  readonly cert: string
  readonly key: string
}

const validDays = 397

/** The certificate of this server: the given one, or one of its own, made at first start and kept in `dir` (key 0600). */
export async function loadCertificate(
  dir: string,
  given: { certFile: string; keyFile: string } | null,
  now: Date,
): Promise<Certificate> {
  const certFile = given?.certFile ?? join(dir, 'server.crt')
  const keyFile = given?.keyFile ?? join(dir, 'server.key')
  if (given === null && !existsSync(certFile)) await makeCertificate(certFile, keyFile, now)
  try {
    return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
  } catch (error) {
    throw new DomainError('invalid', 'server.certificate-unreadable', messageOf(error), { certFile, keyFile }, error)
  }
}

async function makeCertificate(certFile: string, keyFile: string, now: Date): Promise<void> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  const names: x509.JsonGeneralNames = [
    { type: 'dns', value: hostname() },
    { type: 'dns', value: 'localhost' },
    ...addresses.map(({ address }) => ({ type: 'ip' as const, value: address.split('%')[0] ?? address })),
  ]
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex'),
      name: `CN=${hostname()}, O=Throughline`,
      notBefore: now,
      notAfter: new Date(now.getTime() + validDays * 86_400_000),
      keys,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension(names),
      ],
    },
    crypto,
  )
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  const body = Buffer.from(pkcs8).toString('base64').replace(/.{64}/g, '$&\n')
  writeFileSync(keyFile, `-----BEGIN PRIVATE KEY-----\n${body}\n-----END PRIVATE KEY-----\n`, { mode: 0o600 })
  writeFileSync(certFile, certificate.toString('pem'))
}
