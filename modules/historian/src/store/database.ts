import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { DuckDBInstance } from '@duckdb/node-api'
import { DomainError } from '@throughline/kernel'
import { schema } from './schema.ts'

export interface DatabaseConfig {
  /** Folder of the historian; made when it is missing. */
  readonly dir: string
  readonly memoryLimitMb: number
  readonly threads: number
}

/** One DuckDB instance with a connection that writes and one that reads. */
export interface SampleDatabase {
  readonly file: string
  readonly exportDir: string
  readonly writing: DuckDBConnection
  readonly reading: DuckDBConnection
  close(): void
}

/** Opens the one instance of this database: DuckDB refuses a second process, and a second instance in one process corrupts. */
export async function openSampleDatabase(config: DatabaseConfig): Promise<SampleDatabase> {
  const file = join(config.dir, 'samples.duckdb')
  const exportDir = join(config.dir, 'exports')
  const temporary = join(config.dir, 'tmp')
  mkdirSync(exportDir, { recursive: true })
  mkdirSync(temporary, { recursive: true })
  const instance = await open(file, {
    memory_limit: `${config.memoryLimitMb}MB`,
    threads: String(config.threads),
    temp_directory: temporary,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // Small commits live in the log until it is this large; each checkpoint rewrites the last row group.
    checkpoint_threshold: '64MB',
  })
  const writing = await instance.connect()
  await writing.run(schema)
  for (const setting of [
    `set allowed_directories = ['${exportDir.replaceAll("'", "''")}/']`,
    'set enable_external_access = false',
    'set lock_configuration = true',
  ]) {
    await writing.run(setting)
  }
  const reading = await instance.connect()
  return {
    file,
    exportDir,
    writing,
    reading,
    close: () => {
      reading.closeSync()
      writing.closeSync()
      instance.closeSync()
    },
  }
}

async function open(file: string, options: Record<string, string>): Promise<DuckDBInstance> {
  try {
    return await DuckDBInstance.create(file, options)
  } catch (error) {
    throw new DomainError(
      'unavailable',
      'historian.database-unavailable',
      `The sample database ${file} cannot be opened: stop the other program that uses it, or check the folder's rights and disk`,
      { file },
      error,
    )
  }
}
