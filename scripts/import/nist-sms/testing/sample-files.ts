import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A trace of some seconds that works through the blocks of a program, as the machine's adapter writes it. */
export function traceText(startedAt: string, lastBlock: number): string {
  const startMs = Date.parse(startedAt)
  const line = (second: number, item: string, value: string | number): string =>
    `${new Date(startMs + 1000 * second).toISOString().replace('Z', '0000Z')}|${item}|${value}`
  return [
    line(-60, 'Program_Name_Editing', 'SAMPLE.NC'),
    line(0, 'Program_Status', 'ACTIVE'),
    line(1, 'Spindle_Speed', '9600.5'),
    ...[1, Math.ceil(lastBlock / 2), lastBlock].map((block, index) => line(2 + index, 'Block_Number', block)),
    line(6, 'Program_Status', 'PROGRAM_COMPLETED'),
    line(6.016, 'Part_Count', 7),
    '',
  ].join('\n')
}

/** A program of so many lines. */
export function programText(lines: number): string {
  const blocks = Array.from({ length: lines - 2 }, (_, index) => `N${10 * (index + 1)}G1X${index}.5`)
  return ['%', ...blocks, `N${10 * lines}M30`, '%', ''].join('\n')
}

export interface MeasuredPiece {
  /** Null = the file forgot to name the piece. */
  readonly serial: string | null
  readonly bore: number
}

/** A file of one diameter, 4 mm and 0.1 mm more or less, of some pieces. */
function inspectionText(pieces: readonly MeasuredPiece[], madeAt?: string): string {
  const results = pieces.map(
    ({ bore }, index) => `<MeasurementResults id="${100 + 3 * index}">
  <MeasuredCharacteristics><CharacteristicActuals n="1"><DiameterCharacteristicActual id="${101 + 3 * index}">
    <Status><CharacteristicStatusEnum>${Math.abs(bore - 4) <= 0.1 ? 'PASS' : 'FAIL'}</CharacteristicStatusEnum></Status>
    <CharacteristicItemId>4</CharacteristicItemId><Value>${bore}</Value></DiameterCharacteristicActual></CharacteristicActuals></MeasuredCharacteristics>
  <ActualComponentIds n="1"><Id>${102 + 3 * index}</Id></ActualComponentIds></MeasurementResults>`,
  )
  const named = pieces.flatMap(({ serial }, index) =>
    serial === null
      ? []
      : `<ActualComponentSet n="1"><ActualComponent id="${102 + 3 * index}"><SerialNumber>${serial}</SerialNumber></ActualComponent></ActualComponentSet>`,
  )
  const made = madeAt === undefined ? '' : `<Version><TimeCreated>${madeAt}</TimeCreated></Version>`
  return `<?xml version="1.0" encoding="utf-8"?>
<QIFDocument versionQIF="2.1.0" idMax="999" xmlns="http://qifstandards.org/xsd/qif2">${made}
<FileUnits><PrimaryUnits><LinearUnit><UnitName>mm</UnitName></LinearUnit></PrimaryUnits></FileUnits>
<Characteristics>
  <CharacteristicDefinitions n="1"><DiameterCharacteristicDefinition id="2"><Name>Bore</Name><Tolerance><MaxValue>4.1</MaxValue><MinValue>3.9</MinValue>
    <DefinedAsLimit>true</DefinedAsLimit></Tolerance></DiameterCharacteristicDefinition></CharacteristicDefinitions>
  <CharacteristicNominals n="1"><DiameterCharacteristicNominal id="3"><CharacteristicDefinitionId>2</CharacteristicDefinitionId><TargetValue>4</TargetValue></DiameterCharacteristicNominal></CharacteristicNominals>
  <CharacteristicItems n="1"><DiameterCharacteristicItem id="4"><Name>Bore</Name><CharacteristicNominalId>3</CharacteristicNominalId></DiameterCharacteristicItem></CharacteristicItems>
</Characteristics>
<MeasurementsResults><MeasurementResultsSet n="${pieces.length}">${results.join('\n')}</MeasurementResultsSet>
<ActualComponentSets n="${named.length}">${named.join('\n')}</ActualComponentSets></MeasurementsResults>
</QIFDocument>
`
}

/** Two assemblies: of the first the cover was traced; of the second nothing is known but measurements. */
export const sampleFiles: Readonly<Record<string, string>> = {
  'split-Cover-Op1-Hurco04-01of02.txt': traceText('2017-02-07T16:00:00Z', 40),
  'split-Cover-Op2-Hurco04-01of02.txt': traceText('2017-02-10T10:00:00Z', 12),
  'SAMPLE.NC': programText(12),
  'incoming-cover.qif': inspectionText(
    [
      { serial: 'COVER_RESULTS_A01_SCAN', bore: 4.01 },
      { serial: 'COVER_RESULTS_A02_SCAN', bore: 4.02 },
    ],
    '2017-03-20T11:40:15',
  ),
  'fair-box.qif': inspectionText([
    { serial: '2', bore: 4.2 },
    { serial: null, bore: 4 },
  ]),
  'Devices.xml': '<MTConnectDevices/>\n',
  'notes.md': 'of no interest here\n',
}

/** The folder that holds them, with some of them other, or taken out (null). */
export function folderWith(change: Readonly<Record<string, string | null>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-nist-'))
  for (const [name, text] of Object.entries({ ...sampleFiles, ...change })) {
    if (text !== null) writeFileSync(join(folder, name), text)
  }
  return folder
}
