import { createHash } from 'node:crypto'
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { open } from 'node:fs/promises'
import { DomainError, messageOf } from '@throughline/kernel'
import { normal } from './password.ts'

/** Passwords that are known to have been stolen somewhere. */
export interface BreachedList {
  has(password: string): Promise<boolean>
}

const hashedLine = /^([0-9A-Fa-f]{40})(?::\d+)?$/
/** A line has 40 digits, a colon, a count and a line end: two of them fit. */
const lineRoom = 128
/** A list of plain words is kept in memory. */
const largestPlain = 32 * 1024 * 1024

export const noList: BreachedList = { has: async () => false }

/**
 * Opens a list: lines of SHA-1 hashes in rising order (`HASH:count`, as Have I Been Pwned gives them, however large: it is
 * searched where it lies), or plain passwords, one a line, up to 32 MB.
 * @throws DomainError `invalid` when it cannot be read, or its hashes are not in order
 */
export function openBreachedList(file: string): BreachedList {
  try {
    const first = headOf(file).split(/\r?\n/)[0] ?? ''
    return hashedLine.test(first) ? hashedList(file) : plainList(file)
  } catch (error) {
    if (error instanceof DomainError) throw error
    throw unusable(file, messageOf(error), error)
  }
}

function headOf(file: string): string {
  const handle = openSync(file, 'r')
  try {
    const head = Buffer.alloc(lineRoom)
    return head.subarray(0, readSync(handle, head, 0, lineRoom, 0)).toString('utf8')
  } finally {
    closeSync(handle)
  }
}

function plainList(file: string): BreachedList {
  if (statSync(file).size > largestPlain) {
    throw unusable(file, 'it has more than 32 MB of plain words; give their SHA-1 hashes in rising order instead')
  }
  const words = new Set(
    readFileSync(file, 'utf8')
      .split(/\r?\n/)
      .filter((line) => line !== '')
      .map(normal),
  )
  return { has: async (password) => words.has(normal(password)) }
}

function hashedList(file: string): BreachedList {
  const size = statSync(file).size
  return {
    async has(password) {
      const wanted = createHash('sha1').update(normal(password)).digest('hex').toUpperCase()
      const handle = await open(file, 'r')
      try {
        return await search(handle, size, wanted, file)
      } finally {
        await handle.close()
      }
    },
  }
}

/** Halves the file until the line is found: 35 reads for a billion lines. */
async function search(handle: FileHandle, size: number, wanted: string, file: string): Promise<boolean> {
  let from = 0
  let to = size
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    const found = await lineFrom(handle, middle)
    if (found === undefined || found.start >= to) {
      to = middle
      continue
    }
    const hash = hashedLine.exec(found.text)?.[1]?.toUpperCase()
    if (hash === undefined) throw unusable(file, `at byte ${found.start} it holds a line that is no hash`)
    if (hash === wanted) return true
    if (hash < wanted) from = found.end
    else to = middle
  }
  return false
}

/** The first whole line that begins at `at` or after it. */
async function lineFrom(
  handle: FileHandle,
  at: number,
): Promise<{ text: string; start: number; end: number } | undefined> {
  // The byte before tells whether a line begins right here.
  const base = Math.max(0, at - 1)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2 * lineRoom), 0, 2 * lineRoom, base)
  const text = buffer.subarray(0, bytesRead).toString('latin1')
  const begin = at === 0 ? 0 : text.indexOf('\n') + 1
  if (begin === 0 && at !== 0) return undefined
  if (begin >= text.length) return undefined
  const newline = text.indexOf('\n', begin)
  const end = newline < 0 ? text.length : newline
  return { text: text.slice(begin, end).trimEnd(), start: base + begin, end: base + end + 1 }
}

const unusable = (file: string, reason: string, cause?: unknown): DomainError =>
  new DomainError(
    'invalid',
    'identity.breached-list-unusable',
    `The list of breached passwords ${file} cannot be used: ${reason}`,
    { file },
    cause,
  )
