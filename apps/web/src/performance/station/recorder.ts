import type { Operation } from '@throughline/model'
import { createContext, use } from 'react'
import type { z } from 'zod'
import { client } from '../../door/client.ts'

/** Done at the plant, or waiting on the device until there is a connection. */
export type Deed<Answer> = { readonly isWaiting: false; readonly answer: Answer } | { readonly isWaiting: true }

export type Recorder = <Input extends z.ZodType, Output extends z.ZodType>(
  operation: Operation<Input, Output>,
  input: z.input<Input>,
) => Promise<Deed<z.output<Output>>>

/** Where a station's page does not say otherwise, what is recorded goes to the plant at once. */
export const RecorderContext = createContext<Recorder>(async (operation, input) => ({
  isWaiting: false,
  answer: await client(operation, input),
}))

export const useRecorder = (): Recorder => use(RecorderContext)
