package compose

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/docker-secrets/docker-secrets/compose/internal/expression"
	"github.com/docker-secrets/docker-secrets/secret"
)

// standIn is the value of a required variable that nothing sets. It is accepted wherever
// Compose wants a number, and no rule takes it for a secret.
const standIn = "1"

// LoadPartly reads the application as Load does, and goes on where Load fails because
// something that belongs to the machine of a developer is not here: env files, and
// variables that are required with ${NAME:?}. absent names them, sorted. It is for
// looking at an application in a fresh clone, not for writing a stack file.
func LoadPartly(ctx context.Context, o Options) (app *Application, absent []string, err error) {
	recalled := Recalled{}
	if o.Recalled != nil {
		recalled = *o.Recalled
	}
	known := recalled.EnvFile
	recalled.EnvFile = func(service string, files []string, explicit map[string]bool) (map[string]secret.Value, bool) {
		if known != nil {
			if vars, found := known(service, files, explicit); found {
				return vars, true
			}
		}
		absent = append(absent, files...)
		return nil, true
	}
	variables := map[string]secret.Value{}
	maps.Copy(variables, recalled.Variables)
	recalled.Variables = variables
	o.Recalled = &recalled
	for {
		app, err = Load(ctx, o)
		missing, required := errors.AsType[*expression.MissingError](err)
		if _, tried := variables[missingName(missing)]; !required || tried {
			break
		}
		variables[missing.Name] = secret.NewValue(standIn)
		absent = append(absent, missing.Name)
	}
	slices.Sort(absent)
	return app, slices.Compact(absent), err
}

func missingName(missing *expression.MissingError) string {
	if missing == nil {
		return ""
	}
	return missing.Name
}
