/** Of what endpoints give beside a message, the field that goes back only where one asks for it. */
export const fieldOnRequest = 'reasoning_content'
