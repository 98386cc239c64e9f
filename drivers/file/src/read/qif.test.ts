import { parseInstant } from '@throughline/kernel'
import { expect, test } from 'vitest'
import { parseOptions } from '../options.ts'
import { readFileContent } from './read-file.ts'

const { reading } = parseOptions('file:///drop', { zone: 'Europe/Berlin' })
const read = (text: string) => readFileContent(Buffer.from(text), 'qif', reading)

/** In the words of QIF 3, with a prefix, as another maker may write it. */
const document = (body: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<q:QIFDocument xmlns:q="http://qifstandards.org/xsd/qif3" versionQIF="3.0.0" idMax="40">
  <q:FileUnits><q:PrimaryUnits><q:LinearUnit><q:UnitName>mm</q:UnitName></q:LinearUnit>
    <q:AngularUnit><q:UnitName>degree</q:UnitName></q:AngularUnit></q:PrimaryUnits></q:FileUnits>
  <q:MeasurementResources><q:MeasurementDevices n="1"><q:CartesianCMM id="30"><q:Name>Bridge</q:Name>
    <q:SerialNumber>CMM-4711</q:SerialNumber></q:CartesianCMM></q:MeasurementDevices></q:MeasurementResources>
  <q:Product><q:PartSet n="1"><q:Part id="1"><q:Name>Bracket &amp; arm</q:Name></q:Part></q:PartSet></q:Product>
  <q:Characteristics>
    <q:CharacteristicDefinitions n="3">
      <q:DiameterCharacteristicDefinition id="2"><q:Name>Bore</q:Name><q:Tolerance><q:MaxValue>0.1</q:MaxValue>
        <q:MinValue>-0.2</q:MinValue><q:DefinedAsLimit>false</q:DefinedAsLimit></q:Tolerance></q:DiameterCharacteristicDefinition>
      <q:FlatnessCharacteristicDefinition id="3"><q:ToleranceValue>-0.05</q:ToleranceValue></q:FlatnessCharacteristicDefinition>
      <q:AngleCharacteristicDefinition id="4"><q:Name>Cone</q:Name></q:AngleCharacteristicDefinition>
    </q:CharacteristicDefinitions>
    <q:CharacteristicNominals n="3">
      <q:DiameterCharacteristicNominal id="5"><q:CharacteristicDefinitionId>2</q:CharacteristicDefinitionId><q:TargetValue>10</q:TargetValue></q:DiameterCharacteristicNominal>
      <q:FlatnessCharacteristicNominal id="6"><q:CharacteristicDefinitionId>3</q:CharacteristicDefinitionId></q:FlatnessCharacteristicNominal>
      <q:AngleCharacteristicNominal id="7"><q:CharacteristicDefinitionId>4</q:CharacteristicDefinitionId></q:AngleCharacteristicNominal>
    </q:CharacteristicNominals>
    <q:CharacteristicItems n="3">
      <q:DiameterCharacteristicItem id="8"><q:CharacteristicNominalId>5</q:CharacteristicNominalId>
        <q:MeasurementDeviceIds n="1"><q:Id>30</q:Id></q:MeasurementDeviceIds></q:DiameterCharacteristicItem>
      <q:FlatnessCharacteristicItem id="9"><q:Name>Face</q:Name><q:CharacteristicNominalId>6</q:CharacteristicNominalId></q:FlatnessCharacteristicItem>
      <q:AngleCharacteristicItem id="10"><q:Name>Cone</q:Name><q:CharacteristicNominalId>7</q:CharacteristicNominalId></q:AngleCharacteristicItem>
    </q:CharacteristicItems>
  </q:Characteristics>
  <q:Results><q:MeasurementResultsSet n="1"><q:MeasurementResults id="11">
    <q:MeasuredCharacteristics><q:CharacteristicMeasurements n="4">${body}</q:CharacteristicMeasurements></q:MeasuredCharacteristics>
    <q:InspectionStatus><q:InspectionStatusEnum>FAIL</q:InspectionStatusEnum></q:InspectionStatus>
    <q:ActualComponentIds n="1"><q:Id>20</q:Id></q:ActualComponentIds>
    <q:InspectionTraceability><q:InspectionEnd>2026-07-01T08:00:00</q:InspectionEnd></q:InspectionTraceability>
  </q:MeasurementResults></q:MeasurementResultsSet>
  <q:ActualComponentSets n="1"><q:ActualComponentSet n="1"><q:ActualComponent id="20"><q:SerialNumber>SN-1</q:SerialNumber></q:ActualComponent></q:ActualComponentSet></q:ActualComponentSets>
  </q:Results>
</q:QIFDocument>`
const measured = (kind: string, id: number, item: number, value: string, status: string): string =>
  `<q:${kind}CharacteristicMeasurement id="${id}"><q:Status><q:CharacteristicStatusEnum>${status}</q:CharacteristicStatusEnum></q:Status>
   <q:CharacteristicItemId>${item}</q:CharacteristicItemId>${value === '' ? '' : `<q:Value>${value}</q:Value>`}</q:${kind}CharacteristicMeasurement>`

const whole = document(
  measured('Diameter', 12, 8, '10.05', 'PASS') +
    measured('Flatness', 13, 9, '1.2E-2', 'FAIL') +
    measured('Angle', 14, 10, '', 'NOT_MEASURED') +
    measured('Angle', 15, 99, '1', 'PASS'),
)

test('[FAI-QIF] what QIF 3 says is read by the same names: limits around the nominal, gauge, units, serial, time', async () => {
  const content = await read(whole)
  const shared = {
    ...{ serial: 'SN-1', part: 'Bracket & arm', measuredAt: parseInstant('2026-07-01T06:00:00Z') },
    ...{ order: null, operation: null, run: null },
  }
  const gauge = 'CMM-4711'
  expect(content.document?.results).toEqual([
    {
      ...{ ...shared, gauge, characteristic: 'Bore', type: 'Diameter', nominal: 10, lowerLimit: 9.8, upperLimit: 10.1 },
      ...{ unit: 'mm', value: 10.05, status: 'pass', statusText: 'PASS' },
    },
    {
      ...{ ...shared, gauge: null, characteristic: 'Face', type: 'Flatness', nominal: null, lowerLimit: null },
      // A tolerance below nothing cannot be meant.
      ...{ upperLimit: null, unit: 'mm', value: 0.012, status: 'fail', statusText: 'FAIL' },
    },
    {
      ...{
        ...shared,
        gauge: null,
        characteristic: 'Cone',
        type: 'Angle',
        nominal: null,
        lowerLimit: null,
        upperLimit: null,
      },
      ...{ unit: 'degree', value: null, status: 'other', statusText: 'NOT_MEASURED' },
    },
  ])
  expect(content.faults).toEqual([{ cause: 'characteristic-unknown', example: 'result 15 of item 99' }])
})

test('a part is one record, its characteristics are its fields', async () => {
  const [record] = (await read(whole)).records
  const fields = [
    '@serial',
    '@status',
    'Bore',
    'Bore@upper',
    'Bore@status',
    'Face',
    'Cone',
    'Missing',
    'Missing@status',
  ]
  expect(fields.map((field) => record?.get(field))).toEqual([
    ...['SN-1', 'FAIL', 10.05, 10.1, 'PASS', 0.012, null, undefined, undefined],
  ])
})

test('[FAI-QIF!] a document that is cut off anywhere is refused, never read as far as it goes', async () => {
  for (let length = 60; length < whole.length - 1; length += 97) {
    await expect(read(whole.slice(0, length)), `cut at ${length}`).rejects.toMatchObject({ kind: 'invalid' })
  }
})
