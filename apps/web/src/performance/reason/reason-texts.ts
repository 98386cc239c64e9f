/** Texts in other languages than English, one a line: `de: Stau`. */
export function linesOfTexts(texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts)
    .filter(([language]) => language !== 'en')
    .map(([language, text]) => `${language}: ${text}`)
    .join('\n')
}

/** Reads those lines; `problem` names the first that can not be used. */
export function textsOfLines(lines: string): { texts: Record<string, string>; problem: string | undefined } {
  const texts: Record<string, string> = {}
  for (const line of lines.split('\n')) {
    if (line.trim() === '') continue
    const match = /^\s*([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)\s*:\s*(\S.*)$/.exec(line)
    if (match === null) return { texts, problem: `"${line.trim()}" is no language and text, such as "de: Stau".` }
    texts[match[1] ?? ''] = (match[2] ?? '').trim()
  }
  return { texts, problem: undefined }
}
