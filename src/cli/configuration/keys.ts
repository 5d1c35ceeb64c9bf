import * as z from 'zod'
import { Configuration } from '../../model/configuration.js'

/** Schema of every key of the configuration, by section. */
export const CONFIGURATION_KEYS: Record<string, Record<string, z.ZodType>> = Object.fromEntries(
  Object.entries(Configuration.shape).map(([section, schema]) => [section, shapeOf(schema)]),
)

function shapeOf(schema: unknown): Record<string, z.ZodType> {
  if (schema instanceof z.ZodObject) return schema.shape as Record<string, z.ZodType>
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) return shapeOf(schema.unwrap())
  return {}
}
