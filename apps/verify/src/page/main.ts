import type { RecordLine } from '../bundle-line.ts'
import { findVerifierKey } from '../trusted-key.ts'
import { verifyBundle } from '../verify.ts'
import { webCrypto } from '../web-crypto.ts'
import { byId } from './element.ts'
import { LeavesView } from './leaves-view.ts'
import { Rows } from './rows.ts'
import { showFailure, showVerdict } from './verdict-view.ts'

const form = byId('question', HTMLFormElement)
const bundleInput = byId('bundle', HTMLInputElement)
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
checkpointInput.addEventListener('change', () => {
  if (bundleInput.files?.length) start()
})
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
  take([...(event.dataTransfer?.files ?? [])])
})

/** Dropped files: checkpoints by their ending, the bundle is what remains. */
function take(files: readonly File[]): void {
  const isCheckpoint = (file: File): boolean => file.name.endsWith('.checkpoint')
  const bundle = files.find((file) => !isCheckpoint(file))
  if (bundle !== undefined) bundleInput.files = listOf([bundle])
  if (files.some(isCheckpoint)) checkpointInput.files = listOf(files.filter(isCheckpoint))
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
    if (mine !== latest) return
    progress.textContent = ''
    showFailure(error instanceof Error ? error.message : String(error))
  })
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
  const rows = new Rows()
  let record: RecordLine | undefined
  const verdict = await verifyBundle(
    read(file, () => mine === latest),
    {
      crypto: webCrypto,
      trustedKey,
      witnesses,
      onLeaf: (leaf) => rows.take(leaf),
      onRecord: (line) => {
        record = line
      },
    },
  )
  if (mine !== latest) return
  progress.textContent = ''
  const place = verdict.finding?.place ?? null
  showVerdict(verdict, record, place === null ? undefined : rows.at(place))
  leavesView.show(rows, verdict.verdict === 'valid')
  document.getElementById('outcome')?.scrollIntoView({ block: 'center' })
}

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
