import type { UseMutationResult } from '@tanstack/react-query'
import { useMutation } from '@tanstack/react-query'
import type { CurrentSession, EquipmentNode, Operation } from '@throughline/model'
import { createContext, use, useEffect, useRef } from 'react'
import type { z } from 'zod'
import type { Deed } from '../../performance/station/recorder.ts'
import { useMakingRefresh } from '../form/making-queries.ts'
import { offlineDesk } from '../offline/offline-desk.ts'

/** What everything on a station's page knows. */
export interface StationPage {
  readonly session: CurrentSession
  /** Where the person stands. */
  readonly node: EquipmentNode
  readonly timeZone: string | undefined
  readonly online: boolean
  /** Says in one line what was done. */
  readonly say: (text: string) => void
  /** Lets another person take the place of the one who is signed in. */
  readonly handOver: () => void
  /** Takes a code as if it had been scanned. */
  readonly scan: (text: string) => void
}

export const StationContext = createContext<StationPage | undefined>(undefined)

export function useStation(): StationPage {
  const page = use(StationContext)
  if (page === undefined) throw new Error('useStation is used outside StationContext')
  return page
}

/**
 * Something that is recorded: at the plant, or on this device until there is a connection. Whatever comes of it, the page
 * then shows things as they are.
 */
export function useDeed<Input extends z.ZodType, Output extends z.ZodType>(
  operation: Operation<Input, Output>,
  what: string,
  onDone?: () => void,
): UseMutationResult<Deed<z.output<Output>>, Error, z.input<Input>> {
  const { session, say } = useStation()
  const refresh = useMakingRefresh()
  return useMutation({
    networkMode: 'always',
    mutationFn: (input: z.input<Input>) => offlineDesk.perform(operation, input, session.personId),
    onSuccess: ({ isWaiting }) => {
      say(isWaiting ? `${what}: not yet recorded, it waits on this device.` : `${what}: recorded.`)
      onDone?.()
    },
    onSettled: (deed) => (deed?.isWaiting === true ? undefined : refresh()),
  })
}

/** Commands that a scan gives to what is on the page. */
type StationSignal = 'key' | 'next' | 'code' | 'reason' | 'skip' | 'pause' | 'report' | 'scrap' | 'rework' | 'complete'

const signals = new EventTarget()

export const signal = (name: StationSignal, detail = ''): boolean =>
  !signals.dispatchEvent(new CustomEvent(name, { detail, cancelable: true }))

/** Hears a command while it is on the page. */
export function useSignal(name: StationSignal, onSignal: (detail: string) => void): void {
  const heard = useRef(onSignal)
  heard.current = onSignal
  useEffect(() => {
    function hear(event: Event): void {
      // Somebody took it: it was not lost.
      event.preventDefault()
      heard.current((event as CustomEvent<string>).detail)
    }
    signals.addEventListener(name, hear)
    return () => signals.removeEventListener(name, hear)
  }, [name])
}

/** The form whose button is the one big thing to do. */
export const primaryForm = 'work-primary'

/** Does what the big button does; false = there is none now. */
export function pressPrimary(): boolean {
  const form = document.getElementById(primaryForm)
  if (!(form instanceof HTMLFormElement)) return false
  form.requestSubmit()
  return true
}
