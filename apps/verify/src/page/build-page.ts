import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'

/**
 * The whole page as one HTML text: no other file, no network, readable source. Its policy allows just the script and
 * the style that are in it.
 */
export async function buildPage(): Promise<string> {
  const [template, style] = await Promise.all(
    ['page.html', 'page.css'].map((name) => readFile(join(import.meta.dirname, name), 'utf8')),
  )
  const script = (await bundleScript()).replaceAll('</script', '<\\/script')
  const policy = [
    `default-src 'none'`,
    `script-src '${integrityOf(script)}'`,
    `style-src '${integrityOf(style ?? '')}'`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ')
  const parts: Readonly<Record<string, string>> = { POLICY: policy, STYLE: style ?? '', SCRIPT: script }
  return (template ?? '').replace(/POLICY|STYLE|SCRIPT/g, (name) => parts[name] ?? '')
}

async function bundleScript(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      // An expert shall be able to read what judges.
      minify: false,
      target: 'es2024',
      modulePreload: false,
      lib: { entry: join(import.meta.dirname, 'main.ts'), formats: ['iife'], name: 'check', fileName: 'check' },
    },
  })
  const [bundle] = Array.isArray(result) ? result : [result]
  const [chunk] = bundle !== undefined && 'output' in bundle ? bundle.output : []
  if (chunk?.type !== 'chunk') throw new Error('the page was not built')
  return chunk.code
}

function integrityOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
