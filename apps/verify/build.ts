import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildPage } from './src/page/build-page.ts'

const folder = join(import.meta.dirname, 'dist')
const file = join(folder, 'throughline-verify.html')
await mkdir(folder, { recursive: true })
await writeFile(file, await buildPage())
process.stdout.write(`${file}\n`)
