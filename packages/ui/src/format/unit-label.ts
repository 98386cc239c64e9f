const atoms: Readonly<Record<string, string>> = {
  Cel: '°C',
  '[degF]': '°F',
  '[pH]': 'pH',
  '[ppm]': 'ppm',
  '[ppb]': 'ppb',
  '[psi]': 'psi',
  '[in_i]': 'in',
  '[ft_i]': 'ft',
  '[CFU]': 'CFU',
  'm[H2O]': 'mH₂O',
  'mm[Hg]': 'mmHg',
  Ohm: 'Ω',
  deg: '°',
  um: 'µm',
  us: 'µs',
  uS: 'µS',
  ug: 'µg',
  uL: 'µL',
  ul: 'µL',
  uV: 'µV',
  uA: 'µA',
  umol: 'µmol',
}

const superscripts: Readonly<Record<string, string>> = {
  '-': '⁻',
  '+': '',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
}

const raised = (digits: string): string => [...digits].map((digit) => superscripts[digit] ?? digit).join('')

/** The label people know for a UCUM code: `Cel` → `°C`, `m3/h` → `m³/h`, `{part}` → `part`, `1` → nothing. */
export function unitLabel(code: string): string {
  if (code === '1' || code === '') return ''
  const label = code
    .split(/([./])/)
    .map(partLabel)
    .join('')
  return label.startsWith('/') ? `1${label}` : label
}

function partLabel(part: string): string {
  if (part === '.') return '·'
  if (part === '/') return '/'
  const known = atoms[part]
  if (known !== undefined) return known
  const annotation = /^(.*)\{(.+)\}$/.exec(part)
  if (annotation !== null) return annotation[1] === '' ? (annotation[2] ?? '') : partLabel(annotation[1] ?? '')
  const power = /^10[*^]([+-]?\d+)$/.exec(part)
  if (power !== null) return `10${raised(power[1] ?? '')}`
  const exponent = /^([A-Za-z[\]_%]+)([+-]?\d+)$/.exec(part)
  if (exponent !== null) return `${partLabel(exponent[1] ?? '')}${raised(exponent[2] ?? '')}`
  return part
}
