import { useMutation } from '@tanstack/react-query'
import { storeMedia } from '@throughline/model'
import { ProblemNotice } from '@throughline/ui'
import { Camera } from 'lucide-react'
import type { ChangeEvent, ReactElement } from 'react'
import { useId, useRef } from 'react'
import { client, isUnreachable } from '../../../door/client.ts'
import { base64Of } from '../../../performance/stop/photo.ts'
import { sha256 } from '../../offline/canonical-json.ts'
import { isOfflinePossible, offlineDesk } from '../../offline/offline-desk.ts'
import { useStation } from '../station-context.ts'
import type { AnswerProps } from './AnswerForm.tsx'
import { AnswerForm } from './AnswerForm.tsx'

const widest = 2048

/** A photo by the camera of the tablet; without a connection it waits with its entry. */
export function PhotoEntry(props: AnswerProps): ReactElement {
  const { online } = useStation()
  const id = useId()
  const shown = useRef<HTMLCanvasElement>(null)
  const take = useMutation({
    networkMode: 'always',
    mutationFn: async (file: File): Promise<string> => {
      const photo = await smaller(file, shown.current)
      if (online || !isOfflinePossible) {
        try {
          const content = await base64Of(photo)
          return (await client(storeMedia, { contentType: 'image/jpeg', content })).blob
        } catch (error) {
          if (!isOfflinePossible || !isUnreachable(error)) throw error
        }
      }
      const hash = await sha256(new Uint8Array(await photo.arrayBuffer()))
      await offlineDesk.keepPhoto(hash, photo)
      return hash
    },
  })
  function onFile({ currentTarget: { files } }: ChangeEvent<HTMLInputElement>): void {
    const file = files?.[0]
    if (file !== undefined) take.mutate(file)
  }
  return (
    <AnswerForm
      {...props}
      busy={props.busy || take.isPending}
      verb="Record the photo"
      value={() => (take.data === undefined ? 'Take a photo.' : { type: 'photo', blob: take.data as never })}
    >
      <label className="station-tile work-camera" htmlFor={id}>
        <Camera size={30} aria-hidden="true" /> {take.data === undefined ? 'Take a photo' : 'Take it again'}
      </label>
      <input id={id} className="tl-hidden" type="file" accept="image/*" capture="environment" onChange={onFile} />
      {take.isError ? <ProblemNotice what="The photo was not kept" error={take.error} /> : null}
      <canvas ref={shown} className="work-photo" role="img" aria-label="The photo" hidden={take.data === undefined} />
    </AnswerForm>
  )
}

/** Few enough pixels for the line, drawn where it is looked at. */
async function smaller(file: File, canvas: HTMLCanvasElement | null): Promise<Blob> {
  const picture = await createImageBitmap(file).catch(() => {
    throw new Error(`"${file.name}" is no picture that this browser can read`)
  })
  const scale = Math.min(1, widest / Math.max(picture.width, picture.height))
  const drawn = canvas ?? document.createElement('canvas')
  drawn.width = Math.round(picture.width * scale)
  drawn.height = Math.round(picture.height * scale)
  drawn.getContext('2d')?.drawImage(picture, 0, 0, drawn.width, drawn.height)
  return await new Promise((resolve, reject) => {
    drawn.toBlob(
      (blob) => (blob === null ? reject(new Error('The photo could not be written')) : resolve(blob)),
      'image/jpeg',
      0.85,
    )
  })
}
