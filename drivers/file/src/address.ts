import { DomainError } from '@throughline/kernel'

/** Which value of which files: `<files>#<field>`. */
export interface FileAddress {
  /** Whether the files below the folder with this name are meant. */
  readonly matches: (name: string) => boolean
  readonly field: string
}

/**
 * Reads `plate/*.qif#Diameter 10`: files by their path below the folder (`*` within one level, `**` over levels, `?` one
 * character), and a column, a path into JSON, or a characteristic.
 * @throws DomainError `invalid` (`file.address-invalid`)
 */
export function parseAddress(text: string): FileAddress {
  const hash = text.indexOf('#')
  const files = text.slice(0, Math.max(0, hash))
  const field = text.slice(hash + 1).trim()
  const levels = files.split('/')
  const isWrong = hash < 1 || field === '' || levels.some((level) => level === '' || level === '.' || level === '..')
  if (isWrong) {
    throw new DomainError(
      'invalid',
      'file.address-invalid',
      `"${text}" is no address in files: write <files>#<column, path or characteristic>, as in plate/*.qif#Diameter 10`,
    )
  }
  const pattern = patternOf(files)
  return { matches: (name) => pattern.test(name), field }
}

/** `%23` stands for a `#` in a file's name. */
function patternOf(files: string): RegExp {
  const source = files.replaceAll('%23', '#').replaceAll(/\*\*\/|\*\*|\*|\?|[\\^$.|+()[\]{}]/g, (piece) => {
    if (piece === '**/') return '(?:[^/]+/)*'
    if (piece === '**') return '.*'
    if (piece === '*') return '[^/]*'
    return piece === '?' ? '[^/]' : `\\${piece}`
  })
  return new RegExp(`^${source}$`, 'u')
}

/** The address under which a field of a file is found again; files that differ in their digits alone are one source. */
export const addressOf = (name: string, field: string): string => `${familyOf(name)}#${field}`

export const familyOf = (name: string): string => name.replaceAll('#', '%23').replaceAll(/\d+/g, '*')
