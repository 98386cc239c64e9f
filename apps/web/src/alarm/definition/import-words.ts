const mostBytes = 5_000_000

/** Why a file cannot be imported; undefined = it can be tried. */
export function csvFileProblem(file: Pick<File, 'name' | 'size'>): string | undefined {
  if (/\.(xlsx?|ods|numbers)$/i.test(file.name)) {
    return `"${file.name}" is a workbook: save its sheet as "CSV UTF-8" and choose that file.`
  }
  if (file.size > mostBytes) return `"${file.name}" is larger than 5 MB: import it in parts.`
  return undefined
}

/** What the bytes say in UTF-8; undefined where they are something else: its letters would be lost. */
export function utf8Text(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** What a file would do, in one line. */
export function importAnswer(changes: number, unchanged: number): string {
  const same = unchanged === 1 ? '1 line is as it was' : `${unchanged} lines are as they were`
  if (changes === 0) return `Nothing would be drafted: ${unchanged === 0 ? 'the file names no alarm' : same}.`
  return `${changes === 1 ? '1 draft' : `${changes} drafts`}; ${same}.`
}
