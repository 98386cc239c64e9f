import { NativeSelect, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import type { Asset, EquipmentNode } from '@throughline/model'
import {
  Asset as AssetSchema,
  Code,
  listAssets,
  listCalibrations,
  recordCalibration,
  registerAsset,
  setAssetState,
  storeMedia,
} from '@throughline/model'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { client } from '../../door/client.ts'
import { TaskDialog } from '../../execution/form/TaskDialog.tsx'
import { Tick } from '../../execution/form/Tick.tsx'
import { ScopePicker } from '../../identity/access/ScopePicker.tsx'
import { useNow } from '../../performance/machine/performance-hooks.ts'
import { base64Of } from '../../performance/stop/photo.ts'
import { localHint, localInstant, localText } from '../../performance/window/window-choice.ts'
import { assetKindWords, assetStateWords, toleranceWords } from './asset-words.ts'

function useAssetRefresh(): () => Promise<void> {
  const queryClient = useQueryClient()
  return async () => {
    await queryClient.invalidateQueries({ queryKey: [listAssets.name] })
    await queryClient.invalidateQueries({ queryKey: [listCalibrations.name] })
  }
}

interface RegisterAssetProps {
  readonly nodes: readonly EquipmentNode[]
  readonly onClose: () => void
}

/** Takes a gauge, tool, fixture or scale into the plant's list. */
export function RegisterAsset({ nodes, onClose }: RegisterAssetProps): ReactElement {
  const refresh = useAssetRefresh()
  const [code, setCode] = useState('')
  const [kind, setKind] = useState<Asset['kind']>('gauge')
  const [type, setType] = useState('')
  const [description, setDescription] = useState('')
  const [nodeId, setNodeId] = useState<EquipmentNode['id'] | null>(null)
  const [calibrated, setCalibrated] = useState(true)
  const [interval, setInterval] = useState('365')
  const days = interval.trim() === '' ? null : Number(interval)
  return (
    <TaskDialog
      title="Register a gauge or tool"
      verb="Register"
      failure="It was not registered"
      reason="none"
      check={() =>
        !Code.safeParse(code.trim()).success
          ? 'Give its number: letters, digits and . _ / + -, no space.'
          : !Code.safeParse(type.trim()).success
            ? 'Give its type, such as torque-wrench-10-50Nm.'
            : calibrated && days !== null && !(Number.isInteger(days) && days > 0)
              ? 'Give the interval in whole days, or leave it empty.'
              : undefined
      }
      onSave={async () => {
        await client(registerAsset, {
          ...{ code: code.trim(), kind, type: type.trim(), description: description.trim(), nodeId },
          ...{ needsCalibration: calibrated, intervalDays: calibrated ? days : null },
        })
        await refresh()
      }}
      onClose={onClose}
    >
      <TextInput
        label="Number"
        description="As engraved or labelled"
        value={code}
        maxLength={60}
        onChange={({ currentTarget: { value } }) => setCode(value)}
      />
      <NativeSelect
        label="Kind"
        value={kind}
        data={AssetSchema.shape.kind.options.map((value) => ({ value: value as string, label: assetKindWords[value] }))}
        onChange={({ currentTarget: { value } }) => setKind(AssetSchema.shape.kind.parse(value))}
      />
      <TextInput
        label="Type"
        description="What operations ask for, such as torque-wrench-10-50Nm"
        value={type}
        maxLength={60}
        onChange={({ currentTarget: { value } }) => setType(value)}
      />
      <TextInput
        label="Description"
        value={description}
        maxLength={500}
        onChange={({ currentTarget: { value } }) => setDescription(value)}
      />
      <div>
        <p className="performance-bar-label">Where it belongs</p>
        <ScopePicker label="Where it belongs" nodes={nodes} value={nodeId} onPick={setNodeId} none="Nowhere fixed" />
      </div>
      <Tick label="It needs calibration" on={calibrated} onChange={setCalibrated} />
      {calibrated ? (
        <TextInput
          label="Calibrated every"
          description="Days; empty = each calibration says until when"
          inputMode="numeric"
          value={interval}
          onChange={({ currentTarget: { value } }) => setInterval(value)}
        />
      ) : null}
    </TaskDialog>
  )
}

interface AssetTaskProps {
  readonly asset: Asset
  readonly timeZone: string | undefined
  readonly onClose: () => void
}

/** Records what a calibration found, and how it left the asset. */
export function RecordCalibration({ asset, timeZone, onClose }: AssetTaskProps): ReactElement {
  const refresh = useAssetRefresh()
  const now = useNow(60_000)
  const [when, setWhen] = useState(() => localText(now, timeZone))
  const [asFound, setAsFound] = useState<'' | 'in-tolerance' | 'out-of-tolerance'>('')
  const [asLeft, setAsLeft] = useState<'' | 'in-tolerance' | 'out-of-tolerance'>('')
  const [certificate, setCertificate] = useState('')
  const [due, setDue] = useState('')
  const [comment, setComment] = useState('')
  const [file, setFile] = useState<File | undefined>(undefined)
  const at = localInstant(when, timeZone)
  const dueAt = due.trim() === '' ? null : localInstant(due, timeZone)

  async function save(): Promise<void> {
    if (at === undefined || asFound === '' || asLeft === '') return
    const stored =
      file === undefined
        ? null
        : await client(storeMedia, { contentType: 'application/pdf', content: await base64Of(file) })
    await client(recordCalibration, {
      ...{ assetId: asset.id, at, asFound, asLeft, certificate: certificate.trim(), comment: comment.trim() },
      ...{ dueAt: dueAt ?? null, document: stored?.blob ?? null },
    })
    await refresh()
  }

  const results = Object.entries(toleranceWords).map(([value, label]) => ({ value, label }))
  const read = (value: string) => (value === '' ? '' : value === 'in-tolerance' ? 'in-tolerance' : 'out-of-tolerance')
  return (
    <TaskDialog
      title={`Calibration of ${asset.code}`}
      verb="Record"
      failure="The calibration was not recorded"
      reason="none"
      check={() =>
        at === undefined || dueAt === undefined
          ? 'Give times such as 2026-11-22 14:05.'
          : asFound === '' || asLeft === ''
            ? 'Say how it was found, and how it was left.'
            : undefined
      }
      onSave={save}
      onClose={onClose}
    >
      <TextInput
        label="Calibrated at"
        description={localHint(timeZone)}
        value={when}
        onChange={({ currentTarget: { value } }) => setWhen(value)}
      />
      <NativeSelect
        label="As found"
        value={asFound}
        data={[{ value: '', label: 'Choose' }, ...results]}
        onChange={({ currentTarget: { value } }) => setAsFound(read(value))}
      />
      {asFound === 'out-of-tolerance' ? (
        <p role="status">Everything measured with it since the last good calibration is told to quality.</p>
      ) : null}
      <NativeSelect
        label="As left"
        value={asLeft}
        data={[{ value: '', label: 'Choose' }, ...results]}
        onChange={({ currentTarget: { value } }) => setAsLeft(read(value))}
      />
      <TextInput
        label="Certificate"
        description="Its number"
        value={certificate}
        maxLength={100}
        onChange={({ currentTarget: { value } }) => setCertificate(value)}
      />
      <TextInput
        label="Due again"
        description={
          asset.intervalDays === null
            ? localHint(timeZone)
            : `${localHint(timeZone)}; empty = after ${asset.intervalDays} days`
        }
        value={due}
        onChange={({ currentTarget: { value } }) => setDue(value)}
      />
      <TextInput
        label="Comment"
        value={comment}
        maxLength={1000}
        onChange={({ currentTarget: { value } }) => setComment(value)}
      />
      <div className="form-line">
        <label htmlFor="calibration-document">Certificate as PDF, up to 16 MB; may be left out</label>
        <input
          id="calibration-document"
          type="file"
          accept=".pdf,application/pdf"
          onChange={({ currentTarget: { files } }) => setFile(files?.[0])}
        />
      </div>
    </TaskDialog>
  )
}

/** Takes an asset out of service, puts it back, or retires it for good. */
export function ChangeAssetState({ asset, onClose }: Omit<AssetTaskProps, 'timeZone'>): ReactElement {
  const refresh = useAssetRefresh()
  const others = AssetSchema.shape.state.options.filter((each) => each !== asset.state)
  const [state, setState] = useState<Asset['state']>(others[0] ?? 'out-of-service')
  return (
    <TaskDialog
      title={`State of ${asset.code}`}
      verb="Set the state"
      failure="The state was not set"
      onSave={async (reason) => {
        await client(setAssetState, { assetId: asset.id, state, reason })
        await refresh()
      }}
      onClose={onClose}
    >
      <NativeSelect
        label="State"
        value={state}
        data={others.map((value) => ({ value: value as string, label: assetStateWords[value] }))}
        onChange={({ currentTarget: { value } }) => setState(AssetSchema.shape.state.parse(value))}
      />
      {state === 'retired' ? <p>This is for good: it is never used again.</p> : null}
    </TaskDialog>
  )
}
