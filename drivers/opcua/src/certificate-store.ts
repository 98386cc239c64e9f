import { createHash, createPublicKey, randomUUID, X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '@throughline/kernel'
import { DomainError, plusMs, toMs } from '@throughline/kernel'
import { crypto_utils, OPCUACertificateManager, StatusCodes } from 'node-opcua'

const dayMs = 86_400_000

/** This client's key and certificate, and the servers it trusts: the `pki` folder in the driver's home. */
export interface CertificateStore {
  readonly manager: OPCUACertificateManager
  readonly certificateFile: string
  readonly applicationUri: string
}

/** Opens the store; makes key (mode 0600) and certificate at first use, in this process, without other programs. */
export async function openCertificateStore(homeDir: string, clock: Clock): Promise<CertificateStore> {
  const manager = new OPCUACertificateManager({
    rootFolder: join(homeDir, 'pki'),
    automaticallyAcceptUnknownCertificate: false,
    // Every dial opens the folder afresh, so a certificate moved to trusted counts from the next dial on.
    disableFileWatchers: true,
  })
  await manager.initialize()
  // The URI follows from the key: two connections that share a home make the same one without asking each other.
  const publicKey = createPublicKey(await readFile(manager.privateKey)).export({ type: 'spki', format: 'der' })
  const applicationUri = `urn:throughline:${createHash('sha256').update(publicKey).digest('hex').slice(0, 32)}`
  const certificateFile = join(manager.rootDir, 'own', 'certs', 'throughline.pem')
  if (!existsSync(certificateFile)) {
    const unfinished = `${certificateFile}.${randomUUID()}`
    await manager.createSelfSignedCertificate({
      applicationUri,
      dns: ['localhost'],
      outputFile: unfinished,
      subject: '/CN=Throughline edge agent',
      // A server whose clock is a little behind must not find the certificate "not yet valid".
      startDate: new Date(toMs(plusMs(clock.now(), -dayMs))),
      validity: 3650,
    })
    await rename(unfinished, certificateFile)
  }
  return { manager, certificateFile, applicationUri }
}

/**
 * Checks a server's certificate against the trusted folder. An unknown one is put into the rejected folder, for a
 * person to look at and move.
 *
 * @throws DomainError `forbidden` that names the file and where to move it, or why the certificate can never be used
 */
export async function assertTrusted(store: CertificateStore, certificate: Buffer, endpointUrl: string): Promise<void> {
  // A server may send its issuers along: the first of the chain is its own.
  const chain = crypto_utils.split_der(certificate)
  const status = await store.manager.checkCertificate(chain)
  if (status.equals(StatusCodes.Good)) return
  const parsed = new X509Certificate(chain[0] ?? certificate)
  const facts = {
    thumbprint: parsed.fingerprint.replaceAll(':', '').toLowerCase(),
    validFrom: parsed.validFrom,
    validTo: parsed.validTo,
    status: status.name,
  }
  if (status.equals(StatusCodes.BadCertificateUntrusted)) {
    const file = await rejectedFileOf(store, facts.thumbprint)
    throw new DomainError(
      'forbidden',
      'opcua.server-untrusted',
      `${endpointUrl} shows a certificate that nobody has trusted yet (SHA-1 ${facts.thumbprint}): compare it with the ` +
        `server's own, then move ${file} to ${store.manager.trustedFolder}`,
      { ...facts, file, moveTo: store.manager.trustedFolder },
    )
  }
  if (status.equals(StatusCodes.BadCertificateTimeInvalid)) {
    throw new DomainError(
      'forbidden',
      'opcua.server-certificate-expired',
      `${endpointUrl} shows a certificate that is valid from ${facts.validFrom} to ${facts.validTo} only: renew it on the server`,
      facts,
    )
  }
  throw new DomainError(
    'forbidden',
    'opcua.server-certificate-refused',
    `${endpointUrl} shows a certificate that cannot be accepted: ${status.name} (${status.description})`,
    facts,
  )
}

async function rejectedFileOf(store: CertificateStore, thumbprint: string): Promise<string> {
  const folder = store.manager.rejectedFolder
  const name = (await readdir(folder)).find((file) => file.toLowerCase().includes(thumbprint))
  return name === undefined ? folder : join(folder, name)
}
