import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { afterAll, expect, test } from 'vitest'
import { loadCertificate } from './tls.ts'

const dir = mkdtempSync(join(tmpdir(), 'throughline-tls-'))
afterAll(() => rmSync(dir, { recursive: true }))
const now = new Date('2026-11-22T08:00:00Z')

test('[SR-1.8, SR-4.1-RE1] a certificate is made once, fits its key, names localhost, and its key is for the owner alone', async () => {
  const made = await loadCertificate(dir, null, now)
  const certificate = new X509Certificate(made.cert)
  expect(certificate.checkHost('localhost')).toBe('localhost')
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect(statSync(join(dir, 'server.key')).mode & 0o777).toBe(0o600)
  expect(() => createServer({ cert: made.cert, key: made.key })).not.toThrow()
  expect(await loadCertificate(dir, null, now)).toEqual(made)
})

test('[SR-1.8!] a certificate that cannot be read is an error that names the file', async () => {
  const given = { certFile: join(dir, 'absent.pem'), keyFile: join(dir, 'absent.key') }
  await expect(loadCertificate(dir, given, now)).rejects.toMatchObject({
    code: 'server.certificate-unreadable',
    message: expect.stringContaining('absent.pem'),
  })
})
