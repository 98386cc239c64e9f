import type { RecordLine } from '../bundle-line.ts'
import { toHex } from '../bytes.ts'
import type { GivenFile } from '../named-files.ts'
import { NamedFiles } from '../named-files.ts'
import { verifyReadings } from '../readings.ts'
import { SealedReadings } from '../sealed-readings.ts'
import { findVerifierKey } from '../trusted-key.ts'
import { verifyBundle } from '../verify.ts'
import { webCrypto } from '../web-crypto.ts'
import type { Beside } from './beside-view.ts'
import { showBeside, showNotCompared, showNotGiven } from './beside-view.ts'
import { isReadings, sortDropped } from './dropped.ts'
import { byId } from './element.ts'
import { LeavesView } from './leaves-view.ts'
import { Rows } from './rows.ts'
import { showFailure, showVerdict } from './verdict-view.ts'

const form = byId('question', HTMLFormElement)
const bundleInput = byId('bundle', HTMLInputElement)
const besideInput = byId('beside', HTMLInputElement)
const checkpointInput = byId('checkpoints', HTMLInputElement)
const keyInput = byId('key', HTMLTextAreaElement)
const progress = byId('progress', HTMLElement)
const leavesView = new LeavesView()
let latest = 0

form.addEventListener('submit', (event) => {
  event.preventDefault()
  start()
})
bundleInput.addEventListener('change', start)
for (const input of [besideInput, checkpointInput]) {
  input.addEventListener('change', () => {
    if (bundleInput.files?.length) start()
  })
}
document.addEventListener('dragover', (event) => {
  event.preventDefault()
  document.body.classList.add('dropping')
})
document.addEventListener('dragleave', (event) => {
  if (event.relatedTarget === null) document.body.classList.remove('dropping')
})
document.addEventListener('drop', (event) => {
  event.preventDefault()
  document.body.classList.remove('dropping')
  take([...(event.dataTransfer?.files ?? [])]).catch(fail)
})

async function take(files: readonly File[]): Promise<void> {
  const { bundle, checkpoints, beside } = await sortDropped(files, (bundleInput.files?.length ?? 0) > 0)
  if (bundle !== undefined) bundleInput.files = listOf([bundle])
  if (checkpoints.length > 0) checkpointInput.files = listOf(checkpoints)
  // What came with another bundle says nothing of this one.
  if (bundle !== undefined || beside.length > 0) besideInput.files = listOf(beside)
  start()
}

function listOf(files: readonly File[]): FileList {
  const transfer = new DataTransfer()
  for (const file of files) transfer.items.add(file)
  return transfer.files
}

function start(): void {
  const mine = ++latest
  check(mine).catch((error: unknown) => {
    if (mine === latest) fail(error)
  })
}

function fail(error: unknown): void {
  progress.textContent = ''
  showFailure(error instanceof Error ? error.message : String(error))
}

async function check(mine: number): Promise<void> {
  const file = bundleInput.files?.[0]
  leavesView.hide()
  if (file === undefined) throw new Error('Choose a bundle first.')
  const trustedKey = keyInput.value.trim() === '' ? undefined : findVerifierKey(webCrypto, keyInput.value)
  if (keyInput.value.trim() !== '' && trustedKey === undefined)
    throw new Error('The trusted key is no verifier key: it looks like throughline/<ledger>/key-1+<id>+<base64>.')
  const witnesses = await Promise.all(
    [...(checkpointInput.files ?? [])].map(async (kept) => ({ name: kept.name, text: await kept.text() })),
  )
  const { readings, others } = await sortBeside([...(besideInput.files ?? [])])
  const goesOn = (): boolean => mine === latest
  const rows = new Rows()
  const sealed = new SealedReadings()
  const named = new NamedFiles(await Promise.all(others.map(hashFile)))
  let record: RecordLine | undefined
  const verdict = await verifyBundle(read(file, goesOn), {
    crypto: webCrypto,
    trustedKey,
    witnesses,
    onLeaf(leaf) {
      rows.take(leaf)
      sealed.take(leaf)
      named.take(leaf)
    },
    onRecord: (line) => {
      record = line
    },
  })
  const isValid = verdict.verdict === 'valid'
  // What a bundle seals counts for something only if the bundle is what was sealed.
  const beside: Beside = {
    readings:
      readings === undefined || !isValid
        ? null
        : await verifyReadings(read(readings, goesOn), sealed, verdict.bundle?.ledger ?? '', webCrypto),
    files: others.length === 0 || !isValid ? null : named.verdict(),
  }
  if (mine !== latest) return
  progress.textContent = ''
  const place = verdict.finding?.place ?? null
  showVerdict(verdict, record, place === null ? undefined : rows.at(place))
  if (isValid) {
    showBeside(beside, verdict.trust.by !== 'nobody')
    showNotGiven(sealed, named, beside)
  } else if (readings !== undefined || others.length > 0) showNotCompared()
  leavesView.show(rows, isValid)
  document.getElementById('outcome')?.scrollIntoView({ block: 'center' })
}

/** One file of readings, and what is known by its hash. */
async function sortBeside(files: readonly File[]): Promise<{ readings: File | undefined; others: File[] }> {
  const areReadings = await Promise.all(files.map(isReadings))
  const [readings, ...more] = files.filter((_, index) => areReadings[index])
  if (more.length > 0)
    throw new Error('More than one file of readings was given: choose the one that came with the bundle.')
  return { readings, others: files.filter((_, index) => !areReadings[index]) }
}

const hashFile = async (file: File): Promise<GivenFile> => ({
  name: file.name,
  sha256: toHex(webCrypto.sha256(new Uint8Array(await file.arrayBuffer()))),
})

/** The file piece by piece; ends early when another check has begun. */
async function* read(file: File, goesOn: () => boolean): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader()
  let bytes = 0
  while (goesOn()) {
    const { done, value } = await reader.read()
    if (done) return
    bytes += value.length
    progress.textContent = `Checking ${(bytes / 1e6).toFixed(1)} of ${(file.size / 1e6).toFixed(1)} MB`
    yield value
  }
  await reader.cancel()
}
