import { readdirSync, readFileSync } from 'node:fs'

/** One forward step of one module's schema. */
export interface Migration {
  /** File name without `.sql`: `0001-batch`. Sorts in the order of application. */
  readonly name: string
  readonly sql: string
}

/** Reads all `*.sql` of a folder, by name: `readMigrations(new URL('./migrations/', import.meta.url))`. */
export function readMigrations(folder: URL): Migration[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({ name: file.slice(0, -4), sql: readFileSync(new URL(file, folder), 'utf8') }))
}
