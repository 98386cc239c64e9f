import type { Operation } from '@throughline/model'
import { jsonSchema } from './openapi.ts'

/** The readable reference of all operations: one static page without scripts. */
export function referencePage(operations: readonly Operation[], version: string): string {
  const sections = operations.map(section).join('\n')
  const index = operations.map(({ name, summary }) => `<li><a href="#${name}">${name}</a> ${escapeHtml(summary)}</li>`)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Throughline API</title><link rel="stylesheet" href="/api/reference.css"></head>
<body><main><h1>Throughline API ${escapeHtml(version)}</h1>
<p>Every operation is <code>POST /api/&lt;name&gt;</code> with a JSON body; the machine-readable form is
<a href="/api/openapi.json">openapi.json</a>. Instants are UTC microseconds since 1970. What changes something needs the
header <code>Idempotency-Key</code>; repeating a request with the same key repeats the answer, not the change.</p>
<ul class="index">${index.join('')}</ul>
${sections}</main></body></html>`
}

export const referenceStyle = `
body { margin: 0; background: #f3f4f6; color: #1b2027; font: 14px/1.45 system-ui, sans-serif; }
main { max-width: 960px; margin: 0 auto; padding: 24px; }
h1 { font-size: 22px; } h2 { font-size: 16px; margin: 32px 0 4px; }
section { border-top: 1px solid #c9ced6; } .index { columns: 2; padding-left: 18px; font-size: 12px; }
a { color: #1f5fa8; } code, pre { font-size: 12px; } pre { background: #fff; border: 1px solid #c9ced6; border-radius: 6px; padding: 12px; overflow: auto; }
.meta { color: #4a5361; margin: 0 0 8px; }
@media (prefers-color-scheme: dark) { body { background: #14181d; color: #e8ebef; } pre { background: #1c2229; border-color: #3a434f; } a { color: #7fb2f0; } .meta { color: #b9c1cc; } section { border-color: #3a434f; } }
@media (max-width: 700px) { .index { columns: 1; } }
`

function section(operation: Operation): string {
  const signature = operation.signature === undefined ? '' : ` · signed as ${operation.signature}`
  const changes = operation.mutates ? ' · changes the plant, audited' : ''
  return `<section id="${operation.name}"><h2>${operation.name}</h2>
<p>${escapeHtml(operation.summary)}.</p><p class="meta">Permission: ${operation.permission}${changes}${signature}</p>
<details><summary>Request</summary><pre>${schemaText(operation.input)}</pre></details>
<details><summary>Answer</summary><pre>${schemaText(operation.output)}</pre></details></section>`
}

const schemaText = (schema: Operation['input']): string => escapeHtml(JSON.stringify(jsonSchema(schema), null, 2))

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
