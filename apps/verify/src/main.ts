#!/usr/bin/env node
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { toHex } from './bytes.ts'
import { printFiles, untoldFiles } from './files-words.ts'
import type { GivenFile } from './named-files.ts'
import { NamedFiles } from './named-files.ts'
import { nodeCrypto } from './node-crypto.ts'
import { verifyReadings } from './readings.ts'
import { printReadings, untoldReadings } from './readings-words.ts'
import { SealedReadings } from './sealed-readings.ts'
import { findVerifierKey } from './trusted-key.ts'
import { printVerdict } from './verdict.ts'
import { verifyBundle } from './verify.ts'

const usage = `Says whether a bundle of a Throughline ledger is what was sealed.

  node apps/verify/src/main.ts BUNDLE [options]

  --readings FILE     the readings of equipment that the bundle seals, as they came with it
  --file FILE         a photo, an original or another file that the bundle names by its hash; may be repeated
  --checkpoint FILE   a checkpoint that was kept outside the plant, or a folder of *.checkpoint; may be repeated
  --key KEY           the verifier key that you trust
  --key-file FILE     the same, from a file
  --json              the verdict as JSON

Exit code: 0 valid · 1 not valid · 2 unreadable, or asked wrongly
`

/** Asked wrongly: the message says what to do. */
class UsageError extends Error {}

async function main(): Promise<number> {
  const { values, positionals } = readArguments()
  const [file, ...more] = positionals
  if (values.help) {
    process.stdout.write(usage)
    return 0
  }
  if (file === undefined || more.length > 0) throw new UsageError('Name one bundle.')
  if (values.key !== undefined && values['key-file'] !== undefined)
    throw new UsageError('Give --key or --key-file, not both.')
  const keyText = values['key-file'] === undefined ? values.key : await readText(values['key-file'])
  const trustedKey = keyText === undefined ? undefined : findVerifierKey(nodeCrypto, keyText)
  if (keyText !== undefined && trustedKey === undefined)
    throw new UsageError('The trusted key is no verifier key: it looks like throughline/<ledger>/key-1+<id>+<base64>.')
  const witnesses = (await Promise.all((values.checkpoint ?? []).map(readCheckpoints))).flat()
  await assertFile(file)
  if (values.readings !== undefined) await assertFile(values.readings, 'file of readings')
  const given = await Promise.all((values.file ?? []).map(hashFile))
  const sealed = new SealedReadings()
  const named = new NamedFiles(given)
  const verdict = await verifyBundle(createReadStream(file, { highWaterMark: 1 << 20 }), {
    crypto: nodeCrypto,
    trustedKey,
    witnesses,
    onLeaf(leaf) {
      sealed.take(leaf)
      named.take(leaf)
    },
  })
  // What a bundle seals counts for something only if the bundle is what was sealed.
  const readings =
    values.readings === undefined || verdict.verdict !== 'valid'
      ? null
      : await verifyReadings(createReadStream(values.readings), sealed, verdict.bundle?.ledger ?? '', nodeCrypto)
  const files = given.length === 0 || verdict.verdict !== 'valid' ? null : named.verdict()
  const told = [
    readings === null ? untoldReadings(sealed, verdict, values.readings) : printReadings(readings),
    files === null ? untoldFiles(named, verdict, given.length > 0) : printFiles(files),
  ]
  const words = [printVerdict(verdict), ...told.filter((each) => each !== '')].join('\n\n')
  process.stdout.write(`${values.json ? JSON.stringify({ ...verdict, readings, files }) : words}\n`)
  const verdicts = [verdict.verdict, readings?.verdict ?? 'valid', files?.verdict ?? 'valid']
  if (verdicts.every((each) => each === 'valid')) return 0
  return verdicts.includes('unreadable') ? 2 : 1
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        checkpoint: { type: 'string', multiple: true },
        readings: { type: 'string' },
        file: { type: 'string', multiple: true },
        key: { type: 'string' },
        'key-file': { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

async function readCheckpoints(path: string): Promise<{ name: string; text: string }[]> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() ?? false
  if (!isFolder) return [{ name: basename(path), text: await readText(path) }]
  const names = (await readdir(path)).filter((name) => name.endsWith('.checkpoint')).sort()
  if (names.length === 0) throw new UsageError(`The folder "${path}" holds no *.checkpoint file.`)
  return await Promise.all(names.map(async (name) => ({ name, text: await readText(join(path, name)) })))
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    throw new UsageError(`The file "${path}" cannot be read.`)
  }
}

async function hashFile(path: string): Promise<GivenFile> {
  await assertFile(path, 'file')
  return { name: basename(path), sha256: toHex(nodeCrypto.sha256(await readFile(path))) }
}

async function assertFile(path: string, what = 'bundle'): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFile()) throw new UsageError(`There is no ${what} "${path}".`)
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(error instanceof UsageError ? `${error.message}\n\n${usage}` : `${String(error)}\n`)
  process.exitCode = 2
}
