package errcode

func serviceEntries() []Entry {
	return []Entry{
		{
			Code: Unauthorized, Title: "The credentials are refused",
			Cause: "The API answered 401, also after the access token was renewed.",
			Cure:  "Check the credentials in the provider block or the `APPYPIE_*` environment: log in again for a new refresh token, and set `token_key` and `secret_key` if your plan needs a platform key.",
			Guide: authenticationGuide,
		},
		{
			Code: Forbidden, Title: "The permission is missing",
			Cause: "The API answered 403: the login is valid and may not do this.",
			Cure:  "The login lacks this permission. Authorize again with scope `*` as a user who may do this.",
			Guide: authenticationGuide,
		},
		{
			Code: NotFound, Title: "The service does not know it",
			Cause: "The API answered 404 or 410, or a complete listing does not hold the object. Where the path of the operation is assumed, the service may also answer elsewhere; the message says so then.",
			Cure:  "Check the id or the name that was asked for.",
			Guide: "provenance",
		},
		{
			Code: RateLimited, Title: "Too many requests",
			Cause: "The API answered 429, also after waiting.",
			Cure:  "Set `max_requests_per_second` in the provider block to stay below the service's limit, or apply with a lower `-parallelism`.",
		},
		{
			Code: UnexpectedAnswer, Title: "The answer is not one of the API",
			Cause: "A redirect, a login page, broken JSON, or a listing that contradicts itself: a proxy answers, `api_url` is wrong, or the service differs from what is assumed.",
			Cure:  "Check `api_url` and any proxy in between.",
			Guide: "provenance",
		},
		{
			Code: Unreachable, Title: "No answer arrived",
			Cause: "The name was not resolved, the connection was refused or broke, or a certificate was not accepted.",
			Cure:  "Check `api_url`, the network, the proxy settings (`HTTPS_PROXY`) and `ca_certificate_file`.",
		},
		{
			Code: Refused, Title: "The service refuses the request",
			Cause: "The API answered 400, 409 or 422: the service does not accept a value that was sent.",
			Cure:  "Correct the configuration as the message says and apply again.",
		},
		{
			Code: ServiceFault, Title: "The service failed",
			Cause: "The API answered with an error of its own, also after the retries.",
			Cure:  "The service failed on its side. Apply again later; nothing is lost.",
		},
		{
			Code: TimedOut, Title: "The time was up",
			Cause: "The operation took longer than `timeouts` of the resource, `timeout` of the action or `request_timeout` of the provider allows.",
			Cure:  "Raise the `timeouts` of the resource or `request_timeout` of the provider, or try again when the service is faster.",
		},
		{
			Code: Interrupted, Title: "The run was interrupted",
			Cause: "Somebody pressed Ctrl-C, or the process was asked to end.",
			Cure:  "The run was interrupted. Apply again to finish.",
		},
		{
			Code: RequestNotMade, Title: "The dialect cannot make the request",
			Cause: "The dialect does not describe the operation, leaves out what the call has to send, or has a program that fails for these arguments.",
			Cure:  "Correct the line of the dialect that the message names. The request was not sent.",
			Guide: dialectGuide,
		},
	}
}
