package aws

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/processcreds"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/logging"

	"github.com/docker-secrets/docker-secrets/source/store"
)

// session is the configuration, with credentials that were valid when it was opened.
type session struct{ config aws.Config }

// regionClient asks Secrets Manager in one region.
type regionClient struct {
	api  *secretsmanager.Client
	name string
}

// open reads the configuration once, and asks for credentials, so that wrong credentials
// are reported before the first call and not once for each secret.
func (a *Store) open(ctx context.Context) (session, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.loaded == nil {
		loaded, err := config.LoadDefaultConfig(ctx, a.options()...)
		if err != nil {
			return session{}, configFault(ctx, err)
		}
		a.loaded = &loaded
	}
	if _, err := a.loaded.Credentials.Retrieve(ctx); err != nil {
		return session{}, credentialsFault(ctx, err)
	}
	return session{*a.loaded}, nil
}

func (a *Store) options() []func(*config.LoadOptions) error {
	// The SDK's default logger writes warnings to stderr.
	options := []func(*config.LoadOptions) error{config.WithLogger(logging.Nop{})}
	if a.client != nil {
		options = append(options, config.WithHTTPClient(a.client))
	}
	if a.maxRetryDelay > 0 {
		options = append(options, config.WithRetryer(func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff, o.RateLimiter = a.maxRetryDelay, ratelimit.None })
		}))
	}
	return options
}

// region returns the client of the region; "" means the configured one.
func (s session) region(name string) (regionClient, error) {
	if name == "" {
		name = s.config.Region
	}
	if name == "" {
		return regionClient{}, errors.New("no region is set; set AWS_REGION, or write ?region=eu-central-1 into the reference")
	}
	api := secretsmanager.NewFromConfig(s.config, func(o *secretsmanager.Options) { o.Region = name })
	return regionClient{api: api, name: name}, nil
}

// host returns the service's host name in the region, for messages. It does not consider
// configured endpoints.
func (r regionClient) host() string {
	host := "secretsmanager." + r.name + ".amazonaws.com"
	if strings.HasPrefix(r.name, "cn-") {
		host += ".cn"
	}
	return host
}

// configFault explains why the configuration could not be loaded from files and variables.
// It does not wrap the SDK's error, which may quote a line of a credentials file.
func configFault(ctx context.Context, err error) error {
	if profile, ok := errors.AsType[config.SharedConfigProfileNotExistError](err); ok {
		return fmt.Errorf("there is no AWS profile %s; check AWS_PROFILE, or make it with: aws configure --profile %s", profile.Profile, profile.Profile)
	}
	if file, ok := errors.AsType[config.SharedConfigLoadError](err); ok {
		return fmt.Errorf("the AWS configuration %s cannot be read; check it with: aws configure list", file.Filename)
	}
	if fault := store.ConnectionFault(ctx, err, "AWS", caVariables); fault != nil {
		return fault
	}
	if strings.Contains(err.Error(), "CA bundle") {
		return errors.New("AWS_CA_BUNDLE is not a PEM file of certificates; check it")
	}
	return errors.New("the AWS configuration is faulty; check the AWS_… variables and ~/.aws/config with: aws configure list")
}

// credentialsFault explains why there are no credentials. It does not wrap the SDK's error,
// which may quote what a credential process printed or a token service answered.
func credentialsFault(ctx context.Context, err error) error {
	operation, called := errors.AsType[*smithy.OperationError](err)
	answer, answered := errors.AsType[smithy.APIError](err)
	_, sso := errors.AsType[*ssocreds.InvalidTokenError](err)
	_, program := errors.AsType[*processcreds.ProviderError](err)
	switch {
	case ctx.Err() != nil:
		return store.ConnectionFault(ctx, ctx.Err(), "AWS's credential service", caVariables)
	case sso, strings.Contains(err.Error(), "SSO token"): // some of its errors have no type of their own
		return errors.New("the AWS session is missing or has expired; log in with: aws sso login")
	case strings.Contains(err.Error(), "reauthenticate"):
		return errors.New("the AWS session is missing or has expired; log in with: aws login")
	case program:
		return errors.New("the credential_process of the AWS profile gives no credentials; try it by hand")
	case called && operation.Service() == "ec2imds": // the chain's last step, on EC2 or not
		return errors.New("no AWS credentials are found; log in with aws sso login or aws configure, or choose a profile with AWS_PROFILE")
	case called && answered:
		return fmt.Errorf("AWS gives no credentials: %s answers %s to %s; check the profile's role, or log in again", operation.Service(), answer.ErrorCode(), operation.Operation())
	}
	if fault := store.ConnectionFault(ctx, err, "AWS's credential service", caVariables); fault != nil {
		return fault
	}
	return errors.New("the AWS profile gives no credentials; check it with: aws sts get-caller-identity")
}
